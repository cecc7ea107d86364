import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, type TestContext } from "vitest";
import { THIRTY, violationsOf } from "./check-story.ts";
import { type Effect, readEffects } from "./effects.ts";
import { askUntil } from "./ask-until.ts";
import { startWorld } from "./start-world.ts";
import { readStory, type Story } from "./story.ts";
import { untilOver } from "./until-over.ts";
import type { World } from "./world.ts";

/** How long the cloud is away. The time is the promise itself: it cannot be shortened, only spent beside other tests. */
const AWAY_MS = 60_000;
const MINUTES = 60_000;

const executed = (world: World): Effect[] => readEffects(world.effectsFile).filter(({ kind }) => kind === "task");

/** A world with one agent and one run, three tasks of which are over. */
async function begin({ onTestFinished }: TestContext, leaseSeconds: number, paceMs: number) {
  const world = await startWorld({ agents: 1, warmChildren: 0, timers: { leaseSeconds }, flows: [THIRTY.file] });
  onTestFinished(async () => void (await world.stop()));
  const id = await world.operator.createRun(THIRTY.flow, { effects: world.effectsFile, paceMs }, "away");
  await askUntil(() => executed(world).length >= 3 || undefined, MINUTES);
  return { world, id };
}

async function storyOf(world: World, id: string): Promise<Story | undefined> {
  await untilOver(world, id, 2 * MINUTES);
  return await readStory(world.sources(), id);
}

test.concurrent(
  "with the cloud away for 60 s a run goes on to its end, and all of it is told afterwards",
  { timeout: 5 * MINUTES },
  async (context) => {
    const { world, id } = await begin(context, 150, 1_000);
    await world.cloud.kill();
    const wentAway = Date.now();
    await sleep(AWAY_MS);
    const cameBack = Date.now();
    const meanwhile = executed(world).filter(({ at }) => at > wentAway);
    const children = world.children();
    await world.cloud.start();
    const story = await storyOf(world, id);
    const left = await world.stop();

    expect(story && violationsOf(story)).toEqual([]);
    expect(story?.attempt).toBe(1);
    // Nothing waited for the cloud: what was left of the flow happened while it was away, each thing once, and its process ended.
    expect(meanwhile.length).toBeGreaterThan(20);
    expect(story?.effects.every(({ at }) => at < cameBack)).toBe(true);
    expect(story?.effects.filter(({ kind }) => kind === "task")).toHaveLength(THIRTY.executions);
    expect(children).toEqual([]);
    expect(left).toEqual([]);
  },
);

test.concurrent(
  "with the database away for 60 s a run goes on to its end, and all of it is told afterwards",
  { timeout: 5 * MINUTES },
  async (context) => {
    const { world, id } = await begin(context, 150, 1_000);
    world.postgres.kill();
    await world.postgres.keepDown(AWAY_MS);
    const cameBack = Date.now();
    await world.postgres.untilUp();
    const story = await storyOf(world, id);
    const left = await world.stop();

    expect(story && violationsOf(story)).toEqual([]);
    expect(story?.attempt).toBe(1);
    expect(story?.effects.every(({ at }) => at < cameBack)).toBe(true);
    expect(left).toEqual([]);
  },
);

test.concurrent(
  "with the cloud away for longer than a lease the run is stopped before another may have it, and goes on later",
  { timeout: 5 * MINUTES },
  async (context) => {
    const { world, id } = await begin(context, 3, 400);
    await world.cloud.kill();
    const stopped = await askUntil(() => world.children().length === 0 || undefined, MINUTES);
    const before = executed(world).length;
    await sleep(3_000);
    const during = executed(world).length;
    await world.cloud.start();
    const story = await storyOf(world, id);
    const left = await world.stop();

    expect(stopped).toBe(true);
    expect(during).toBe(before);
    expect(story && violationsOf(story)).toEqual([]);
    expect(story?.attempt).toBeGreaterThan(1);
    expect(left).toEqual([]);
  },
);
