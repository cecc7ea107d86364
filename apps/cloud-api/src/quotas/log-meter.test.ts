import { afterAll, beforeAll, expect, test } from "vitest";
import { inTenant } from "../database/tenant-scope.ts";
import { LOG_COLUMNS } from "../flow-runs/set-flow-run-state.sql.ts";
import { type GraphqlFixture, startGraphqlFixture } from "../graphql/testing/graphql-fixture.ts";
import { SqlRows } from "../sql-rows.ts";
import { LogMeter } from "./log-meter.ts";

let cloud: GraphqlFixture;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
});
afterAll(() => cloud.stop());

test("replicas know of each other's bytes from the next time they are written down", async () => {
  const { tenantId } = await cloud.makeTenant();
  await cloud.database.pool.query("insert into tenant_quotas (tenant_id, log_bytes_per_day) values ($1, 10)", [
    tenantId,
  ]);
  let now = 0;
  const [one, other] = [0, 1].map(() => new LogMeter(cloud.deps.database.pool, () => now));
  const store = async (meter: LogMeter | undefined, text: string) => {
    const lines = new SqlRows(LOG_COLUMNS);
    lines.push({ number: 1, at: 0, level: 30, task_run_number: null, logger: null, text });
    await inTenant(tenantId, () => meter?.cut(tenantId, lines));
    return lines.values().at(-1);
  };
  expect(await store(one, "12345678")).toBe('{"12345678"}');
  expect(await store(other, "1")).toBe('{"1"}');
  now += 5_000;
  expect(await store(one, "1")).toBe('{"1"}');
  now += 5_000;
  expect(await store(other, "2")).toBe('{"2"}');
  now += 5_000;
  expect(await store(one, "3")).toContain("cut by Weir: 1 bytes");
});
