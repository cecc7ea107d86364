import { afterAll, beforeAll, expect, test } from "vitest";
import { registration } from "../graphql/testing/graphql-fixture.ts";
import { registerFlow } from "../flows/register-flow.ts";
import { type DoorFixture, startDoor } from "../run-door/testing/door-fixture.ts";
import { schedule } from "./testing/slots.ts";

let door: DoorFixture;
beforeAll(async () => {
  door = await startDoor({ scheduleSeconds: 0.1, pollSeconds: 0.1 });
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

test("a run begins by itself at its slot, once, however many replicas there are", async () => {
  await door.replica();
  const schedules = [schedule({ everySeconds: 1 }, { parameters: { top: 5 } })];
  const wanted = { tenantId: door.tenantId, project: "p", registration: registration("f", { schedules }) };
  await registerFlow(door.pool, wanted);
  const agent = await door.enrol();
  const claimed: { slot: number; parameters: unknown }[] = [];
  while (claimed.length < 3) {
    const { runs } = await agent.claim({ room: 10, waitSeconds: 5 });
    claimed.push(...runs.map((run) => ({ slot: run.scheduledStartTime, parameters: run.parameters })));
  }
  const slots = claimed.map(({ slot }) => slot);
  expect(slots.every((slot) => slot % 1_000 === 0)).toBe(true);
  expect(new Set(slots).size).toBe(slots.length);
  expect(claimed[0]?.parameters).toEqual({ top: 5 });
});
