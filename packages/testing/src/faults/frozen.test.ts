import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askUntil } from "./ask-until.ts";
import { CHECKS, fencing, THIRTY, violationsOf } from "./check-story.ts";
import { readEffects } from "./effects.ts";
import { familyOf } from "./processes.ts";
import { startWorld } from "./start-world.ts";
import { readStory } from "./story.ts";
import { untilOver } from "./until-over.ts";
import type { World } from "./world.ts";

// SIGSTOP for longer than a lease, then SIGCONT: what a suspended machine, a debugger or a swapping system does to one process alone.

const LEASE_SECONDS = 3;
const FROZEN_MS = LEASE_SECONDS * 1_600;
const PATIENCE_MS = 60_000;

let world: World;

beforeAll(async () => {
  world = await startWorld({
    agents: 2,
    warmChildren: 1,
    timers: { leaseSeconds: LEASE_SECONDS },
    flows: [THIRTY.file],
  });
}, 120_000);

afterAll(async () => {
  expect(await world.stop()).toEqual([]);
}, 60_000);

/** Begins a run, and tells its process and that of its agent. */
async function begin(name: string): Promise<{ id: string; child: number; agent: number }> {
  const id = await world.operator.createRun(THIRTY.flow, { effects: world.effectsFile, paceMs: 300 }, name);
  const executed = () => readEffects(world.effectsFile).filter(({ kind, run }) => kind === "task" && run === id);
  await askUntil(() => executed().length >= 3 || undefined, PATIENCE_MS);
  const child = executed().at(-1)?.pid ?? 0;
  const agents = world.agents.flatMap(({ pid }) => pid ?? []);
  const agent = agents.find((pid) => familyOf(pid).some((one) => one.pid === child)) ?? 0;
  return { id, child, agent };
}

async function freeze(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  await sleep(FROZEN_MS);
  process.kill(pid, "SIGCONT");
}

test("a flow's process that is frozen for longer than a lease keeps its run", { timeout: 120_000 }, async () => {
  const { id, child } = await begin("child");
  await freeze(child);
  expect(await untilOver(world, id, PATIENCE_MS)).toBe("Success");
  const story = await readStory(world.sources(), id);
  expect(story && violationsOf(story)).toEqual([]);
  expect(story?.attempt).toBe(1);
});

test(
  "an agent that is frozen for longer than a lease loses its run, and nothing that it says later counts",
  { timeout: 120_000 },
  async () => {
    const { id, agent } = await begin("agent");
    await freeze(agent);
    expect(await untilOver(world, id, PATIENCE_MS)).toBe("Success");
    const story = await readStory(world.sources(), id);
    // Whoever is frozen cannot stop what it started: its flow's process went on meanwhile. docs/guarantees.md says so.
    const others = CHECKS.filter((check) => check !== fencing);
    expect(story && violationsOf(story, others)).toEqual([]);
    expect(story?.attempt).toBeGreaterThan(1);
  },
);
