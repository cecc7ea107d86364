import { setTimeout as sleep } from "node:timers/promises";
import { askUntil } from "./ask-until.ts";
import { familyOf, survivorsOf } from "./processes.ts";
import type { Random } from "./random.ts";
import type { Target } from "./targets.ts";
import type { World } from "./world.ts";

/** How long a killed service stays away, milliseconds: mostly as long as a supervisor takes, now and then longer than a lease. */
function downtime(random: Random, leaseMs: number): number {
  return random.next() < 0.8 ? random.between(0, 500) : random.between(leaseMs / 2, leaseMs * 1.5);
}

/** Kills one process of a kind with SIGKILL, and starts it again as an operator would. Answers what was violated meanwhile. */
export async function strike(world: World, target: Target, random: Random): Promise<string[]> {
  const away = downtime(random, world.timers.leaseSeconds * 1000);
  switch (target) {
    case "child":
      return await killChild(world, random);
    case "agent":
      return await killAgent(world, random, away);
    case "cloud":
      await world.cloud.kill();
      await sleep(away);
      await world.cloud.start();
      return [];
    case "postgres":
      world.postgres.kill();
      await world.postgres.keepDown(away);
      await world.postgres.untilUp();
      return [];
  }
}

const PATIENCE_MS = 60_000;

/** A flow's process, at whatever it does: loading, executing, reporting its end. Nobody starts it again: its run is Crashed. */
async function killChild(world: World, random: Random): Promise<string[]> {
  const killed = await askUntil(
    () => {
      const child = random.pick(world.children());
      return child !== undefined && tryKill(child.pid) ? child : undefined;
    },
    PATIENCE_MS,
    20,
  );
  return killed === undefined ? [`no flow's process was there to be killed within ${PATIENCE_MS / 1000} s`] : [];
}

function tryKill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    // It ended between the look and the shot.
    return false;
  }
}

/** How long a flow's process may outlive its agent. (15 s is what is promised; the watchdog takes milliseconds.) */
const ORPHANS_MS = 15_000;

async function killAgent(world: World, random: Random, away: number): Promise<string[]> {
  const agent = random.pick(world.agents);
  if (agent?.pid === undefined) return ["the agent that was to be killed is not running"];
  const family = familyOf(agent.pid);
  await agent.kill();
  const gone = await askUntil(() => survivorsOf(family).length === 0 || undefined, ORPHANS_MS, 20);
  const orphans = gone
    ? []
    : survivorsOf(family).map(
        ({ pid, command }) => `process ${pid} outlived its killed agent by ${ORPHANS_MS / 1000} s: ${command}`,
      );
  await sleep(away);
  await agent.start();
  return orphans;
}
