import type { Pool } from "pg";
import type { Logger } from "pino";
import { planSchedule } from "../schedules/plan-schedule.ts";
import { POSTPONE, SCHEDULES_TO_PLAN } from "../schedules/schedule.sql.ts";
import type { Loop } from "./loop.ts";

export interface PlannerDeps {
  readonly pool: Pool;
  readonly seconds: number;
  readonly log: Pick<Logger, "warn">;
  readonly now: () => Date;
}

/** Schedules that one look at the database finds. */
const BATCH = 100;
/** Looks per turn. With more to do the next turn goes on: a turn must end when the cloud is to stop. */
const MOST_BATCHES = 20;
/** One that cannot be planned is tried again after this. */
const POSTPONE_MS = 300_000;

/**
 * Makes runs for the slots of schedules, ahead of time. Any number of replicas may do so at once: they divide the schedules among themselves
 * by locks that nobody waits for.
 */
export function schedulePlanner(deps: PlannerDeps): Loop {
  const tick = async () => {
    for (let batches = 0; batches < MOST_BATCHES; batches += 1) {
      if ((await planBatch(deps)) === 0) return;
    }
  };
  return { name: "schedule-planner", seconds: deps.seconds, tick };
}

/** How many schedules were planned; those of another replica are not counted. */
async function planBatch({ pool, now, log }: PlannerDeps): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(SCHEDULES_TO_PLAN, [now(), BATCH]);
  let planned = 0;
  for (const { id } of rows) {
    try {
      if ((await planSchedule(pool, id, now())) !== null) planned += 1;
    } catch (error) {
      // When it is the database that is away, this fails as well, and ends the turn.
      await pool.query(POSTPONE, [id, new Date(now().getTime() + POSTPONE_MS)]);
      log.warn({ scheduleId: id, err: error }, "this schedule could not be planned; the others go on");
    }
  }
  return planned;
}
