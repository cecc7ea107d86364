import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  type GraphqlFixture,
  startGraphqlFixture,
  type TestTenant,
} from "../../graphql/testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
/** A run of the flow, whose version the others share. */
let first: string;

const TEN = "2026-01-01T10:00:00Z";

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  first = await createRun(cloud, tenant, "nightly");
});
afterAll(() => cloud.stop());

/** A run that began so many minutes after ten, and took so many seconds. */
async function ended(minutes: number, seconds: number | null, state = "Success", of = first): Promise<string> {
  const id = makeId();
  await cloud.database.pool.query(
    `insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, labels, state, scheduled_start_time, started_at, ended_at)
     select $1, tenant_id, flow_id, flow_version_id, 'made', '{}', '{}', $2::state, began, case when $4::int is not null then began end,
       began + coalesce($4::int, 0) * interval '1 second'
     from flow_runs, lateral (select $5::timestamptz + $3 * interval '1 minute' as began) b where id = $6`,
    [id, state, minutes, seconds, TEN, of],
  );
  return id;
}

interface Earlier {
  readonly usualSeconds: number | null;
  readonly lastSuccess: { readonly id: string; readonly name: string } | null;
}

async function earlierOf(id: string): Promise<Earlier> {
  const query = "query ($id: ID!) { flowRun(id: $id) { usualSeconds lastSuccess { id name } } }";
  return (await cloud.ask<{ flowRun: Earlier }>(tenant, query, { id })).flowRun;
}

test("the median of successful runs that ended before it began, and the newest of them", async () => {
  const other = await createRun(cloud, tenant, "other");
  await ended(0, 1, "Success", other);
  expect(await earlierOf(first)).toEqual({ usualSeconds: null, lastSuccess: null });
  await ended(0, 10);
  const second = await ended(1, 30);
  await ended(2, 1_000, "Failed");
  expect(await earlierOf(first)).toEqual({ usualSeconds: null, lastSuccess: { id: second, name: "made" } });
  const third = await ended(3, 20);
  expect(await earlierOf(first)).toMatchObject({ usualSeconds: 20, lastSuccess: { id: third } });
  // One that never began: nothing is known of its time.
  const byHand = await ended(4, null);
  expect(await earlierOf(first)).toMatchObject({ usualSeconds: 20, lastSuccess: { id: byHand } });
  // Three are over when a run begins at 5, and the fourth is its own.
  const own = await ended(5, 50);
  expect(await earlierOf(own)).toMatchObject({ usualSeconds: 20, lastSuccess: { id: byHand } });
  // Of one that began before any was over.
  expect(await earlierOf(await ended(0, 7, "Failed"))).toEqual({ usualSeconds: null, lastSuccess: null });
});

test("the last 50 count", async () => {
  const flow = await createRun(cloud, tenant, "often");
  for (let minutes = 0; minutes < 60; minutes += 1)
    await ended(minutes, minutes < 10 ? 40 : minutes - 9, "Success", flow);
  expect(await earlierOf(flow)).toMatchObject({ usualSeconds: 25.5 });
});
