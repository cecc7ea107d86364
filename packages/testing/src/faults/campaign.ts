import { setTimeout as sleep } from "node:timers/promises";
import { checkInvariants } from "@weir/cloud-api";
import { THIRTY, violationsOf } from "./check-story.ts";
import { Driver } from "./driver.ts";
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
  /** How long a task takes. Milliseconds. */
  readonly paceMs: number;
  readonly leaseSeconds: number;
  /** Shortest and longest time between two blows. */
  readonly pauseMs: readonly [number, number];
}

const SETTINGS: Readonly<Record<Target, Settings>> = {
  // No warm children: each process that there is to kill works on a run.
  child: { agents: 1, warmChildren: 0, sideBySide: 3, paceMs: 80, leaseSeconds: 2, pauseMs: [20, 900] },
  agent: { agents: 2, warmChildren: 1, sideBySide: 3, paceMs: 80, leaseSeconds: 2, pauseMs: [100, 1_500] },
  // A lease that outlasts most outages and is outlasted by some: both ways must end well. Longer runs, because an agent that finds the
  // cloud gone again and again asks for new ones more and more rarely.
  cloud: { agents: 2, warmChildren: 1, sideBySide: 4, paceMs: 250, leaseSeconds: 3, pauseMs: [100, 1_500] },
  postgres: { agents: 2, warmChildren: 1, sideBySide: 4, paceMs: 250, leaseSeconds: 3, pauseMs: [100, 1_500] },
};

/** Longest wait for the next task to be executed. What never goes on is found by the drivers. */
const PROGRESS_MS = 20_000;

/** Worlds that share the kills of a campaign. Most of the time each waits for a lease to end or a process to start. */
const WORLDS = 2;

/** Kills a target again and again while runs are under way, lets all of them end, and tells what was violated. Never throws. */
export async function runCampaign(campaign: Campaign): Promise<CampaignReport> {
  const begun = performance.now();
  const shares = Array.from({ length: WORLDS }, (_, index) => Math.floor((campaign.kills + index) / WORLDS));
  const outcomes = await Promise.all(
    shares.map((kills, index) => besiege({ ...campaign, kills, seed: campaign.seed + index }).catch(brokenOff)),
  );
  const sum = (count: "runs" | "attempts" | "restarts" | "executions") =>
    outcomes.reduce((total, outcome) => total + outcome[count], 0);
  return {
    ...campaign,
    runs: sum("runs"),
    attempts: sum("attempts"),
    restarts: sum("restarts"),
    executions: sum("executions"),
    seconds: Math.round((performance.now() - begun) / 1000),
    violations: outcomes.flatMap(({ violations }) => violations),
  };
}

type Outcome = Pick<CampaignReport, "runs" | "attempts" | "restarts" | "executions" | "violations">;

const brokenOff = (error: unknown): Outcome => ({
  runs: 0,
  attempts: 0,
  restarts: 0,
  executions: 0,
  violations: [`the campaign broke off: ${(error as Error).message}`],
});

/** One world's share of a campaign. */
async function besiege(campaign: Campaign): Promise<Outcome> {
  const { pauseMs, sideBySide, leaseSeconds, paceMs, ...options } = SETTINGS[campaign.target];
  const world = await startWorld({ ...options, timers: { leaseSeconds }, flows: [THIRTY.file] });
  const drivers = Array.from({ length: sideBySide }, (_, index) => new Driver(world, `driver-${index}`, paceMs));
  const broke = await strikeAndWait(world, drivers, campaign, pauseMs).catch((error) => brokenOff(error).violations);
  const checked = await checkRuns(world, drivers);
  const violations = [...broke, ...checked.violations];
  violations.push(...(await world.stop(violations.length > 0)));
  return { ...checked, violations };
}

/** The blows themselves. Answers what was violated, once every run has ended. */
async function strikeAndWait(
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
      // Mostly something is under way when the blow falls; the others hit what is just starting.
      if (random.next() < 0.75) await world.untilNextEffect(PROGRESS_MS);
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
async function checkRuns(world: World, drivers: readonly Driver[]): Promise<Outcome> {
  const sources = world.sources();
  const violations: string[] = [];
  let attempts = 0;
  const ids = drivers.flatMap((driver) => driver.ids);
  for (const id of ids) {
    const story = await readStory(sources, id);
    if (story === undefined) violations.push(`run ${id} was acknowledged and is lost`);
    else violations.push(...violationsOf(story));
    attempts += story?.attempt ?? 0;
  }
  // The cloud's own look at the whole database, besides.
  violations.push(...(await checkInvariants(world.pool)));
  const restarts = drivers.reduce((total, driver) => total + driver.restarts, 0);
  const executions = sources.effects.filter(({ kind }) => kind === "task").length;
  return { runs: ids.length, attempts, restarts, executions, violations };
}
