import { makeId, type ScheduleDefinition } from "@weir/protocol";
import { createTestDatabase } from "@weir/testing/database";
import type { Pool } from "pg";
import { checkInvariants } from "../../flow-runs/check-invariants.ts";
import { registerFlow } from "../../flows/register-flow.ts";
import { registration } from "../../graphql/testing/graphql-fixture.ts";
import { schedulePlanner } from "../../loops/schedule-planner.ts";

/** A run that a schedule made. */
export interface PlannedRun {
  readonly id: string;
  readonly schedule: string;
  readonly slot: Date;
  readonly version: number;
  readonly state: string;
}

/** A database with one tenant, and the planner at moments of the test's choice. */
export interface ScheduleFixture {
  readonly pool: Pool;
  readonly tenantId: string;
  /** Sentences of the planner's log. */
  readonly warned: string[];
  register(flow: string, schedules: readonly ScheduleDefinition[], more?: object): Promise<void>;
  /** Registers, and lets the planning of the schedules begin at a moment. */
  registerAt(flow: string, schedules: readonly ScheduleDefinition[], at: string): Promise<void>;
  /** One turn of a planner's loop. */
  tick(at: string): Promise<void>;
  runs(flow: string): Promise<PlannedRun[]>;
  scheduleId(flow: string, name?: string): Promise<string>;
  stop(): Promise<string[]>;
}

const RUNS = `select r.id, s.name as schedule, l.slot, v.number as version, r.state from schedule_slots l
  join schedules s on s.id = l.schedule_id join flow_runs r on r.id = l.flow_run_id
  join flow_versions v on v.id = r.flow_version_id join flows f on f.id = s.flow_id
  where f.name = $1 order by l.slot, s.name`;

export async function startScheduleFixture(): Promise<ScheduleFixture> {
  const test = await createTestDatabase();
  const { pool } = test.database;
  const tenantId = makeId();
  await pool.query("insert into tenants (id, name) values ($1, 'acme')", [tenantId]);
  await pool.query("insert into projects (id, tenant_id, name) values ($1, $2, 'default')", [makeId(), tenantId]);
  const warned: string[] = [];
  const log = { warn: (details: { err: Error }) => void warned.push(details.err.message) };
  const register: ScheduleFixture["register"] = async (flow, schedules, more = {}) => {
    const given = registration(flow, { schedules, ...more });
    await registerFlow(pool, { tenantId, project: "default", registration: given });
  };
  return {
    pool,
    tenantId,
    warned,
    register,
    async registerAt(flow, schedules, at) {
      await register(flow, schedules);
      await pool.query(
        "update schedules set planned_until = $2, plan_after = $2 where flow_id in (select id from flows where name = $1)",
        [flow, new Date(at)],
      );
    },
    tick: async (at) => {
      await schedulePlanner({ pool, seconds: 1, log: log as never, now: () => new Date(at) }).tick();
    },
    runs: async (flow) => (await pool.query<PlannedRun>(RUNS, [flow])).rows,
    async scheduleId(flow, name = "s") {
      const sql = "select s.id from schedules s join flows f on f.id = s.flow_id where f.name = $1 and s.name = $2";
      return (await pool.query<{ id: string }>(sql, [flow, name])).rows[0]?.id ?? "";
    },
    async stop() {
      const violations = await checkInvariants(pool);
      await test.drop();
      return violations;
    },
  };
}
