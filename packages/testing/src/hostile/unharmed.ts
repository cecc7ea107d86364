import { expect } from "vitest";
import type { HostileStage } from "./stage.ts";

/** Heap and code of a quiet agent are about 110 MiB; parsed replies of the largest size may come on top of it. */
const MOST_MIB = 500;

/** After an attack: the agent is up and does good work, its memory is bounded, and nothing was sent that must not be. */
export async function unharmed(stage: HostileStage): Promise<void> {
  await stage.goodRun();
  expect([stage.agent.exitCode, stage.agent.signalCode]).toEqual([null, null]);
  expect(stage.memoryMiB()).toBeLessThan(MOST_MIB);
  const sent = stage.cloud.everything();
  for (const [name, canary] of Object.entries(stage.canaries))
    expect([name, sent.includes(canary)]).toEqual([name, false]);
  expect(stage.cloud.received.filter(({ message }) => message === "unknown")).toEqual([]);
}
