import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { checkInvariants, type LocalKeys } from "@weir/cloud-api";
import { THIRTY, violationsOf } from "./check-story.ts";
import { Driver } from "./driver.ts";
import { startWorld } from "./start-world.ts";
import { readStory } from "./story.ts";
import { User } from "./user.ts";
import type { World } from "./world.ts";

export interface ReplicaCampaign {
  /** How long there is load. */
  readonly seconds: number;
  /** A replica is restarted so often, one and the other in turn. */
  readonly everySeconds: number;
  readonly users: number;
}

export interface ReplicaReport extends ReplicaCampaign {
  readonly restarts: number;
  readonly operations: number;
  /** Of these, so many needed more than one try. */
  readonly repeated: number;
  readonly runs: number;
  readonly violations: readonly string[];
}

/** Two clouds on one database, of which one or the other is restarted all the time. Tells what users could not do, and what became of the runs. */
export async function runReplicas(campaign: ReplicaCampaign): Promise<ReplicaReport> {
  const world = await startWorld({
    agents: 2,
    warmChildren: 1,
    replicas: true,
    timers: { leaseSeconds: 5 },
    flows: [THIRTY.file, SMALL],
  });
  const { userKey } = JSON.parse(readFileSync(world.keysFile, "utf8")) as LocalKeys;
  const users = Array.from({ length: campaign.users }, (_, index) => new User(world.url, userKey, `user-${index}`));
  const driver = new Driver(world, "driver", 100);
  const violations: string[] = [];
  let restarts = 0;
  try {
    const working = Promise.all([...users.map((user) => user.work()), driver.drive()]);
    // What is wrong with a driver is told below; an unhandled rejection would end the campaign before.
    working.catch(() => undefined);
    restarts = await restartInTurn(world, campaign);
    for (const one of [...users, driver]) one.finish();
    await working;
    violations.push(...(await checkEffects(world, users, driver)));
  } catch (error) {
    violations.push(`the campaign broke off: ${(error as Error).message}`);
  }
  violations.push(...users.flatMap(({ failures }) => failures));
  violations.push(...(await world.stop(violations.length > 0)));
  const sum = (count: (user: User) => number) => users.reduce((total, user) => total + count(user), 0);
  return {
    ...campaign,
    restarts,
    operations: sum((user) => user.operations),
    repeated: sum((user) => user.repeated),
    runs: driver.ids.length + sum((user) => user.created.length),
    violations,
  };
}

const SMALL = "packages/testing/src/faults/flows/small.flow.ts";

async function restartInTurn(world: World, { seconds, everySeconds }: ReplicaCampaign): Promise<number> {
  const clouds = [world.cloud, world.replica].filter((cloud) => cloud !== null);
  const times = Math.floor(seconds / everySeconds);
  for (let restarts = 0; restarts < times; restarts += 1) {
    const next = sleep(everySeconds * 1000);
    const cloud = clouds[restarts % clouds.length];
    await cloud?.stop();
    await cloud?.start();
    await next;
  }
  return times;
}

/** Each run that was acknowledged is there once, and no other is: an operation that was sent twice had its effect once. */
async function checkEffects(world: World, users: readonly User[], driver: Driver): Promise<string[]> {
  const violations: string[] = [];
  const sources = world.sources();
  for (const id of driver.ids) {
    const story = await readStory(sources, id);
    violations.push(...(story === undefined ? [`run ${id} was acknowledged and is lost`] : violationsOf(story)));
  }
  const { rows } = await world.pool.query<{ id: string; state: string }>(
    "select r.id, r.state::text from flow_runs r join flows f on f.id = r.flow_id where f.name = 'small'",
  );
  const created = new Set(users.flatMap((user) => user.created));
  for (const { id, state } of rows) {
    if (!created.delete(id)) violations.push(`run ${id} was made without anybody being told`);
    else if (state !== "Cancelled") violations.push(`run ${id} was cancelled, and is ${state}`);
  }
  violations.push(...[...created].map((id) => `run ${id} was acknowledged and is lost`));
  return [...violations, ...(await checkInvariants(world.pool))];
}
