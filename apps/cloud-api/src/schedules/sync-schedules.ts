import { makeId, type ScheduleDefinition } from "@weir/protocol";
import type { PoolClient } from "pg";
import { scheduleDigest } from "../flows/comparable.ts";
import { takeBackRuns } from "./runs-ahead.ts";
import {
  ADD_SCHEDULE,
  LOCK_SCHEDULES_OF_FLOW,
  PLAN_ANEW,
  REMOVE_SCHEDULE,
  REPLACE_SCHEDULE,
  SCHEDULES_AS_THEY_ARE,
} from "./schedule.sql.ts";

interface KnownSchedule {
  readonly id: string;
  readonly name: string;
  readonly digest: string;
  readonly removed: boolean;
}

/**
 * Makes a flow's schedules those of its new version, inside the registration's transaction: by name, one that changed is replaced, one that is
 * gone is removed, and whoever was switched off stays so. Runs that were made ahead and not begun are taken back: the planner
 * makes them again, of the new version.
 */
export async function syncSchedules(
  client: PoolClient,
  flow: { tenantId: string; flowId: string },
  wanted: readonly ScheduleDefinition[],
  now: Date,
): Promise<void> {
  const { rows } = await client.query<KnownSchedule>(LOCK_SCHEDULES_OF_FLOW, [flow.tenantId, flow.flowId]);
  const known = new Map(rows.map((row) => [row.name, row]));
  await takeBackRuns(client, { tenantId: flow.tenantId, schedules: rows.map(({ id }) => id), now });
  for (const definition of wanted) {
    await syncSchedule(client, flow, definition, known.get(definition.name), now);
    known.delete(definition.name);
  }
  for (const gone of known.values()) await client.query(REMOVE_SCHEDULE, [flow.tenantId, gone.id, now]);
}

/** Takes back what a flow's schedules made ahead, and has it made again: what runs begin with has changed. */
export async function planAnew(
  client: PoolClient,
  flow: { tenantId: string; flowId: string },
  now: Date,
): Promise<void> {
  const { rows } = await client.query<{ definition: ScheduleDefinition }>(SCHEDULES_AS_THEY_ARE, [
    flow.tenantId,
    flow.flowId,
  ]);
  const definitions = rows.map(({ definition }) => definition);
  await syncSchedules(client, flow, definitions, now);
}

async function syncSchedule(
  client: PoolClient,
  { tenantId, flowId }: { tenantId: string; flowId: string },
  definition: ScheduleDefinition,
  known: KnownSchedule | undefined,
  now: Date,
): Promise<void> {
  const json = JSON.stringify(definition);
  const digest = scheduleDigest(definition);
  if (known === undefined) {
    await client.query(ADD_SCHEDULE, [makeId(), tenantId, flowId, definition.name, json, digest, now]);
  } else if (known.digest !== digest || known.removed) {
    await client.query(REPLACE_SCHEDULE, [tenantId, known.id, json, digest, now]);
  } else {
    await client.query(PLAN_ANEW, [tenantId, known.id, now, json]);
  }
}
