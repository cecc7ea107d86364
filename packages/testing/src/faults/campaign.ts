import { setTimeout as sleep } from "node:timers/promises";
import { THIRTY, violationsOf } from "./check-story.ts";
import { Driver } from "./driver.ts";
import { readEffects } from "./effects.ts";
import { createRandom } from "./random.ts";
import { readStory } from "./story.ts";
import { strike } from "./strike.ts";
import type { Target } from "./targets.ts";
import { startWorld } from "./start-world.ts";
import type { World } from "./world.ts";

export interface Campaign {
  readonly target: Target;
  readonly kills: number;
  readonly seed: number;
}

export interface CampaignReport extends Campaign {
  readonly runs: number;
  /** Over all runs: 1 each, and one more for each time that a lease changed hands. */
  readonly attempts: number;
  readonly restarts: number;
  readonly executions: number;
  readonly seconds: number;
  readonly violations: readonly string[];
}

interface Settings {
  readonly agents: number;
  readonly warmChildren: number;
  /** Runs that are under way at any moment. */
  readonly sideBySide: number;
  readonly leaseSeconds: number;
  /** Shortest and longest time between two blows. */
  readonly pauseMs: readonly [number, number];
}

const SETTINGS: Readonly<Record<Target, Settings>> = {
  // No warm children: each process that there is to kill works on a run.
  child: { agents: 1, warmChildren: 0, sideBySide: 3, leaseSeconds: 2, pauseMs: [20, 900] },
  agent: { agents: 2, warmChildren: 1, sideBySide: 3, leaseSeconds: 2, pauseMs: [100, 1_500] },
  // A lease that outlasts most outages and is outlasted by some: both ways must end well.
  cloud: { agents: 2, warmChildren: 1, sideBySide: 3, leaseSeconds: 4, pauseMs: [100, 1_500] },
  postgres: { agents: 2, warmChildren: 1, sideBySide: 3, leaseSeconds: 4, pauseMs: [100, 1_500] },
};

/** A task takes so long that a run lasts for a few blows. Milliseconds. */
const PACE_MS = 80;

/** Kills a target again and again while runs are under way, lets all of them end, and tells what was violated. Never throws. */
export async function runCampaign(campaign: Campaign): Promise<CampaignReport> {
  const begun = performance.now();
  const { pauseMs, sideBySide, leaseSeconds, ...options } = SETTINGS[campaign.target];
  const world = await startWorld({ ...options, timers: { leaseSeconds }, flows: [THIRTY.file] });
  const drivers = Array.from({ length: sideBySide }, (_, index) => new Driver(world, `driver-${index}`, PACE_MS));
  const violations = await siege(world, drivers, campaign, pauseMs).catch((error: unknown) => [
    `the campaign broke off: ${(error as Error).message}`,
  ]);
  const counts = { runs: 0, restarts: 0, attempts: 0, executions: 0 };
  if (violations.length === 0) violations.push(...(await checkRuns(world, drivers, counts)));
  violations.push(...(await world.stop(violations.length > 0)));
  return { ...campaign, ...counts, seconds: Math.round((performance.now() - begun) / 1000), violations };
}

/** The blows themselves. Answers once every run has ended. */
async function siege(
  world: World,
  drivers: readonly Driver[],
  { target, kills, seed }: Campaign,
  pauseMs: Settings["pauseMs"],
): Promise<string[]> {
  const random = createRandom(seed);
  const violations: string[] = [];
  const driving = Promise.all(drivers.map((driver) => driver.drive()));
  const striking = (async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(random.between(...pauseMs));
      violations.push(...(await strike(world, target, random)));
    }
  })();
  // A run that fails to end ends the siege too: nothing that follows would make it better.
  await Promise.race([striking, driving]).finally(() => drivers.forEach((driver) => driver.finish()));
  await Promise.all([striking, driving]);
  return violations;
}

/** Compares what the database holds of every run with what its tasks left behind. */
async function checkRuns(
  world: World,
  drivers: readonly Driver[],
  counts: { runs: number; restarts: number; attempts: number; executions: number },
): Promise<string[]> {
  const effects = readEffects(world.effectsFile);
  const violations: string[] = [];
  for (const driver of drivers) {
    counts.restarts += driver.restarts;
    for (const id of driver.ids) {
      const story = await readStory(world.pool, id, effects);
      if (story === undefined) violations.push(`run ${id} was acknowledged and is lost`);
      else violations.push(...violationsOf(story));
      counts.runs += 1;
      counts.attempts += story?.attempt ?? 0;
    }
  }
  counts.executions = effects.filter(({ kind }) => kind === "task").length;
  return violations;
}
