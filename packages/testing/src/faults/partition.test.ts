import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Fault } from "../fault-proxy.ts";
import { askUntil } from "./ask-until.ts";
import { THIRTY, violationsOf } from "./check-story.ts";
import { readEffects } from "./effects.ts";
import { familyOf } from "./processes.ts";
import { startWorld } from "./start-world.ts";
import { readStory } from "./story.ts";
import { untilOver } from "./until-over.ts";
import type { World } from "./world.ts";

// The agent that holds a run is cut off from the cloud, which itself is well and has another agent at hand: the one situation in which two
// processes could come to work on the same run.

// Long enough that two busy cores are not taken for silence.
const LEASE_SECONDS = 4;
const PACE_MS = 300;
const PATIENCE_MS = 60_000;

let world: World;

beforeAll(async () => {
  const timers = { leaseSeconds: LEASE_SECONDS };
  world = await startWorld({ agents: 2, warmChildren: 1, timers, proxies: true, flows: [THIRTY.file] });
}, 120_000);

afterAll(async () => {
  expect(await world.stop()).toEqual([]);
}, 60_000);

const executed = (id: string) =>
  readEffects(world.effectsFile).filter(({ kind, run }) => kind === "task" && run === id);

/** Index of the agent whose child executes a run. */
function holderOf(id: string): number {
  const pid = executed(id).at(-1)?.pid;
  return world.agents.findIndex(
    (agent) => agent.pid !== undefined && familyOf(agent.pid).some((one) => one.pid === pid),
  );
}

async function begin(name: string): Promise<{ id: string; holder: number }> {
  const id = await world.operator.createRun(THIRTY.flow, { effects: world.effectsFile, paceMs: PACE_MS }, name);
  await askUntil(() => executed(id).length >= 3 || undefined, PATIENCE_MS);
  return { id, holder: holderOf(id) };
}

/** What hangs would hang for as long as its sender has patience: a network that is whole again has forgotten it. */
async function healed(agent: number): Promise<void> {
  const proxy = world.proxies[agent];
  proxy?.heal();
  await proxy?.down();
  await proxy?.up();
}

test(
  "an agent that waited for work for longer than a lease begins with a whole lease",
  { timeout: 60_000 },
  async () => {
    await sleep(LEASE_SECONDS * 1_500);
    const { id } = await begin("after a while");
    const state = await untilOver(world, id, PATIENCE_MS);
    const story = await readStory(world.sources(), id);

    expect(state).toBe("Success");
    expect(story && violationsOf(story)).toEqual([]);
    expect(story?.attempt).toBe(1);
  },
);

const CUTS: readonly [how: string, fault: Fault][] = [
  ["nothing gets through", { kind: "hang" }],
  ["connections are cut", { kind: "lose-request" }],
];

test.for(CUTS)(
  "an agent that is cut off (%s) stops its run before another agent begins with it",
  { timeout: 120_000 },
  async ([how, fault]) => {
    const { id, holder } = await begin(how);
    world.proxies[holder]?.strike(fault);
    const state = await untilOver(world, id, PATIENCE_MS);
    await healed(holder);
    const story = await readStory(world.sources(), id);

    expect(state).toBe("Success");
    expect(story && violationsOf(story)).toEqual([]);
    // Both worked on it, one after the other.
    expect(story?.attempt).toBeGreaterThan(1);
    expect(new Set(story?.effects.map(({ pid }) => pid)).size).toBeGreaterThan(1);
  },
);

test(
  "an agent that is heard but hears nothing stops its run, and tells the rest once it hears again",
  { timeout: 120_000 },
  async () => {
    const { id, holder } = await begin("replies are lost");
    world.proxies[holder]?.strike({ kind: "lose-reply" });
    const stopped = await askUntil(() => holderOf(id) === -1 || undefined, PATIENCE_MS);
    const executedBefore = executed(id).length;
    world.proxies[holder]?.heal();
    const state = await untilOver(world, id, PATIENCE_MS);
    const story = await readStory(world.sources(), id);

    expect(stopped).toBe(true);
    expect(executedBefore).toBeLessThan(THIRTY.executions);
    expect(state).toBe("Success");
    expect(story && violationsOf(story)).toEqual([]);
  },
);
