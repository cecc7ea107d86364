import { ARTIFACT_KINDS, STATE_NAMES, makeId } from "@weir/protocol";
import { createTestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestDatabase } from "@weir/testing/database";
import { PARTITIONED_TABLES } from "./partitions.ts";

// What the migration says and Prisma's diff does not look at.

let made: TestDatabase;
beforeAll(async () => {
  made = await createTestDatabase();
});
afterAll(() => made.drop());

async function column<T>(sql: string): Promise<T[]> {
  const { rows } = await made.database.pool.query<{ value: T }>(sql);
  return rows.map((row) => row.value);
}

const enumValues = (name: string) => column<string>(`select unnest(enum_range(null::${name}))::text as value`);

test("the states of the database are those of the protocol, in the same order", async () => {
  expect(await enumValues("state")).toEqual(STATE_NAMES);
  expect(await enumValues("artifact_kind")).toEqual([...ARTIFACT_KINDS]);
});

test("every table carries tenant_id, save the accounts of people, who work in several tenants", async () => {
  const without = await column<string>(`
    select t.table_name as value from information_schema.tables t
     where t.table_schema = 'public' and not exists (select from information_schema.columns c
       where c.table_schema = 'public' and c.table_name = t.table_name and c.column_name = 'tenant_id' and c.is_nullable = 'NO')
     order by 1`);
  expect(without).toEqual(["_prisma_migrations", "login_attempts", "tenants", "user_credentials", "users"]);
});

test("every foreign key is composite with the tenant, save those that point at the tenant itself, or at a person's account, or from one", async () => {
  const references = await column<string>(`
    select pg_get_constraintdef(oid) as value from pg_constraint
     where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0`);
  expect(references.length).toBeGreaterThan(15);
  const loose = references.filter(
    (text) =>
      !/^FOREIGN KEY \(tenant_id(\) REFERENCES tenants\(id\)|, \w+\) REFERENCES \w+\(tenant_id, id\))/.test(text),
  );
  expect(loose.filter((text) => !/^FOREIGN KEY \(\w+\) REFERENCES (users|tenants)\(id\)/.test(text))).toEqual([]);
  expect(loose).toHaveLength(5);
});

test("task runs, their history, logs and artifacts are partitioned, and their keys leave no room in a page", async () => {
  const partitioned = await column<string>("select relname as value from pg_class where relkind = 'p' order by 1");
  expect(partitioned).toEqual([...PARTITIONED_TABLES].sort());
  const options = await column<string>(`
    select distinct array_to_string(i.reloptions, ',') as value from pg_class t
      join pg_index x on x.indrelid = t.oid join pg_class i on i.oid = x.indexrelid
     where t.relnamespace = 'partitions'::regnamespace and x.indisprimary`);
  expect(options).toEqual(["fillfactor=100"]);
});

test("claims, sweeper, children, ends and idempotency keys have their partial indexes", async () => {
  const indexes = await column<string>(`
    select indexdef as value from pg_indexes where tablename = 'flow_runs' and indexdef like '% WHERE %' order by indexname`);
  expect(indexes).toEqual([
    expect.stringMatching(/flow_runs_children .*\(parent_run_id, id\) WHERE \(parent_run_id IS NOT NULL\)/),
    expect.stringMatching(
      /flow_runs_claimable .*\(tenant_id, scheduled_start_time, id\) WHERE .*'Scheduled'.*'Resume'.*'Retrying'/,
    ),
    expect.stringMatching(/flow_runs_ended .*\(tenant_id, ended_at\) WHERE \(ended_at IS NOT NULL\)/),
    expect.stringMatching(
      /flow_runs_ended_of_flow .*\(tenant_id, flow_id, state_number, ended_at\) WHERE \(ended_at IS NOT NULL\)/,
    ),
    expect.stringMatching(/flow_runs_held .*\(id\) WHERE .*'Submitted'.*'Running'.*'Cancelling'/),
    expect.stringMatching(/UNIQUE INDEX flow_runs_idempotency_key .*\(tenant_id, idempotency_key\) WHERE/),
    expect.stringMatching(/flow_runs_unfinished_children .*\(parent_run_id\) WHERE .*'Paused'/),
  ]);
});

test("queues, holders, approvals and what expires have their partial indexes", async () => {
  const indexes = await column<string>(`
    select indexdef as value from pg_indexes
     where schemaname = 'public' and tablename in ('task_slots', 'task_runs', 'cached_results') and indexdef like '% WHERE %' order by indexname`);
  expect(indexes).toEqual([
    expect.stringMatching(/cached_results_expiring .*\(expires_at\) WHERE \(expires_at IS NOT NULL\)/),
    expect.stringMatching(/task_runs_approved .*\(flow_run_id\) .*WHERE \(approved_at IS NOT NULL\)/),
    expect.stringMatching(/task_slots_held .*\(tenant_id, tag\) WHERE \(granted_at IS NOT NULL\)/),
    expect.stringMatching(/task_slots_waiting .*\(tenant_id, tag, "?position"?\) WHERE \(granted_at IS NULL\)/),
  ]);
});

test("an address is one account's in the whole cloud, and one account's of those that a tenant's provider vouches for", async () => {
  const indexes = await column<string>(`
    select indexdef as value from pg_indexes where schemaname = 'public' and tablename = 'users' and indexdef like '% WHERE %' order by indexname`);
  expect(indexes).toEqual([
    expect.stringMatching(/UNIQUE INDEX users_email_managed .*\(managed_by, email\) WHERE \(managed_by IS NOT NULL\)/),
    expect.stringMatching(/UNIQUE INDEX users_email_own .*\(email\) WHERE \(managed_by IS NULL\)/),
  ]);
});

test("a run that is held without a deadline, or has one without being held, cannot be stored", async () => {
  const { pool } = made.database;
  const [tenant, project, flow, version] = [makeId(), makeId(), makeId(), makeId()];
  await pool.query("insert into tenants (id, name) values ($1, 'acme')", [tenant]);
  await pool.query("insert into projects (id, tenant_id, name) values ($1, $2, 'p')", [project, tenant]);
  await pool.query("insert into flows (id, tenant_id, project_id, name) values ($1, $2, $3, 'f')", [
    flow,
    tenant,
    project,
  ]);
  await pool.query(
    `insert into flow_versions (id, tenant_id, flow_id, number, content_digest, tasks, storage, sdk_version)
     values ($1, $2, $3, 1, '', '[]', '{}', '0')`,
    [version, tenant, flow],
  );
  const insert = (state: string, deadline: string) =>
    pool.query(
      `insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, scheduled_start_time, state, lease_expires_at)
       values ($1, $2, $3, $4, 'r', '{}', now(), '${state}', ${deadline})`,
      [makeId(), tenant, flow, version],
    );
  await expect(insert("Running", "null")).rejects.toThrow("flow_runs_held_has_lease");
  await expect(insert("Scheduled", "now()")).rejects.toThrow("flow_runs_held_has_lease");
  await insert("Running", "now()");
  await insert("Scheduled", "null");
});
