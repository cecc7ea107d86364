import { LIMITS, makeId, type ScheduleDefinition } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { readyParameters } from "../flow-runs/ready-parameters.ts";
import { withinTime } from "../flow-runs/within-time.ts";
import { COMPUTE_MS } from "./check-schedules.ts";
import { planSlots } from "./plan-slots.ts";
import { ADD_RUNS, FLOW_TO_PLAN, LOCK_SCHEDULE_TO_PLAN, PLANNED, SLOTS_AHEAD } from "./schedule.sql.ts";
import { slotsOf } from "./slots.ts";

interface ScheduleToPlan {
  readonly tenantId: string;
  readonly flowId: string;
  readonly name: string;
  readonly definition: ScheduleDefinition;
  readonly plannedUntil: Date;
}

interface FlowToPlan {
  readonly name: string;
  readonly versionId: string;
  readonly labels: string[];
  readonly parameterSchema: unknown;
  readonly parameterDefaults: unknown;
  readonly settingDefaults: unknown;
}

/**
 * Makes the runs of one schedule that are due to be made. Answers how many; null when another replica has it.
 * @throws Error when its slots cannot be computed or its parameters no longer fit; nothing is written then
 */
export async function planSchedule(pool: Pool, id: string, now: Date): Promise<number | null> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<ScheduleToPlan>(LOCK_SCHEDULE_TO_PLAN, [id, now]);
    const made = rows[0] === undefined ? null : await plan(client, id, rows[0], now);
    await client.query("commit");
    return made;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function plan(client: PoolClient, id: string, schedule: ScheduleToPlan, now: Date): Promise<number> {
  const { tenantId, definition } = schedule;
  const ahead = await client.query<{ slot: Date }>(SLOTS_AHEAD, [tenantId, id, now]);
  const state = {
    now: now.getTime(),
    plannedUntil: schedule.plannedUntil.getTime(),
    ahead: ahead.rows.map(({ slot }) => slot.getTime()),
  };
  const planned = withinTime(COMPUTE_MS, () => planSlots(slotsOf(definition), definition.catchUp, state));
  const made = planned.slots.length === 0 ? 0 : await addRuns(client, id, schedule, planned.slots);
  const after = planned.planAfter === null ? null : new Date(planned.planAfter);
  await client.query(PLANNED, [tenantId, id, new Date(planned.plannedUntil), after]);
  return made;
}

async function addRuns(
  client: PoolClient,
  id: string,
  { tenantId, flowId, name, definition }: ScheduleToPlan,
  slots: readonly number[],
): Promise<number> {
  const found = await client.query<FlowToPlan>(FLOW_TO_PLAN, [tenantId, flowId]);
  const flow = found.rows[0];
  if (flow === undefined) throw new Error(`The flow of schedule ${id} has no version.`);
  const parameters = readyParameters(flow.name, definition.parameters, flow);
  const runs = slots.map(() => makeId());
  const names = runs.map((run) => `${flow.name.slice(0, LIMITS.nameLength - 9)}-${run.slice(-8)}`);
  const { rows } = await client.query<{ made: number }>(ADD_RUNS, [
    tenantId,
    id,
    runs,
    slots.map((slot) => new Date(slot)),
    names,
    flowId,
    flow.versionId,
    JSON.stringify(parameters),
    definition.labels ?? flow.labels,
    `planned by the schedule ${JSON.stringify(name)}`,
  ]);
  return rows[0]?.made ?? 0;
}
