import type { StateName } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isInputObjectType } from "../../graphql/graphql-js.ts";
import { schema } from "../../graphql/schema.ts";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  startGraphqlFixture,
  type TestTenant,
} from "../../graphql/testing/graphql-fixture.ts";
import { readFlowRunHistory } from "./read-flow-run-history.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
/** Ids of runs by what is special about them. */
const runs = { late: "", ended: "", held: "", child: "", later: "" };

const FROM = "2026-01-01T00:00:00.000Z";
const TO = "2026-01-02T00:00:00.000Z";

const set = (id: string, columns: string) =>
  cloud.database.pool.query(`update flow_runs set ${columns} where id = $1`, [id]);

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  const agent = await enrolAgent(cloud, tenant, "mill");
  runs.held = await createRun(cloud, tenant, "milled");
  await agent.claim();
  runs.late = await createRun(cloud, tenant, "told", { parameters: { day: 1 }, name: "100% told" });
  runs.ended = await createRun(cloud, tenant, "told", { labels: ["gpu", "eu"] });
  runs.child = await createRun(cloud, tenant, "milled");
  runs.later = await createRun(cloud, tenant, "milled");
  for (const id of Object.values(runs)) await set(id, "scheduled_start_time = '2026-01-01T06:00:00Z'");
  const times = "started_at = '2026-01-01T06:30:00Z', ended_at = '2026-01-01T18:00:00Z'";
  await set(runs.ended, `state = 'Failed', ${times}`);
  await set(
    runs.child,
    `parent_run_id = '${runs.held}', state = 'Paused', scheduled_start_time = '2026-01-01T23:59:59.999Z'`,
  );
  await set(runs.later, "scheduled_start_time = '2026-01-02T00:00:00Z'");
  await cloud.database.pool.query(
    `with made as (insert into schedules (id, tenant_id, flow_id, name, definition, definition_digest, planned_until)
       select uuidv7(), tenant_id, flow_id, 'hourly', '{}', '', now() from flow_runs where id = $1 returning id, tenant_id)
     insert into schedule_slots (tenant_id, schedule_id, slot, flow_run_id) select tenant_id, id, now(), $1 from made`,
    [runs.child],
  );
});
afterAll(() => cloud.stop());

interface Told {
  readonly flowRunHistory: {
    readonly isMore: boolean;
    readonly buckets: readonly { from: string; to: string; states: readonly { state: StateName; runs: number }[] }[];
  };
}

async function history(
  filter: object,
  o: { buckets?: number; from?: string; to?: string } = {},
): Promise<Told["flowRunHistory"]> {
  const query = `query ($from: DateTime, $to: DateTime, $buckets: Int!, $filter: FlowRunFilter) {
    flowRunHistory(from: $from, to: $to, buckets: $buckets, filter: $filter) { isMore buckets { from to states { state runs } } } }`;
  const variables = { from: FROM, to: TO, buckets: 4, filter, ...o };
  return (await cloud.ask<Told>(tenant, query, variables)).flowRunHistory;
}

test("a run stands where it ended or, before that, where it is scheduled for; the end of the window is left out", async () => {
  const { buckets, isMore } = await history({});
  expect(isMore).toBe(false);
  expect(buckets.map(({ from }) => from)).toEqual([
    FROM,
    "2026-01-01T06:00:00.000Z",
    "2026-01-01T12:00:00.000Z",
    "2026-01-01T18:00:00.000Z",
  ]);
  expect(buckets.at(-1)?.to).toBe(TO);
  const counted = buckets.map(({ states }) =>
    Object.fromEntries(states.map(({ state, runs: count }) => [state, count])),
  );
  expect(counted).toEqual([{}, { Scheduled: 1, Submitted: 1 }, {}, { Failed: 1, Paused: 1 }]);
});

test.each([{}, { flow: "told" }])(
  "a run that ended at the end of the window is beyond it, with the filter %j",
  async (filter) => {
    const upTo = async (to: string) =>
      (await history({ ...filter, state: ["Failed"] }, { to })).buckets.flatMap(({ states }) => states);
    expect(await upTo("2026-01-01T18:00:00.000Z")).toEqual([]);
    expect(await upTo("2026-01-01T18:00:00.001Z")).toEqual([{ state: "Failed", runs: 1 }]);
  },
);

/** For each property of a filter, values that some of the runs have, and some have not. */
const FILTERS: Readonly<Record<string, readonly unknown[]>> = {
  state: [["Failed", "Paused"]],
  flow: ["told", "milled"],
  project: ["default", "elsewhere"],
  labels: [["gpu"], ["gpu", "eu"], ["gpu", "us"]],
  nameContains: ["100%", "0% TOLD", "%"],
  createdAfter: ["2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"],
  createdBefore: ["2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"],
  startedAfter: ["2026-01-01T06:30:00Z", "2026-01-01T06:30:01Z"],
  startedBefore: ["2026-01-01T06:30:00Z", "2026-01-01T06:30:01Z"],
  endedAfter: ["2026-01-01T18:00:00Z", "2026-01-01T18:00:01Z"],
  endedBefore: ["2026-01-01T18:00:00Z", "2026-01-01T18:00:01Z"],
  hasParameters: [true, false],
  isLate: [true, false],
  agent: ["mill", "nobody"],
  parent: ["the held run", "no id"],
  schedule: ["hourly", "daily"],
};

test.each(Object.entries(FILTERS))("the filter's %s narrows as it does in lists", async (name, values) => {
  for (const value of values) {
    const filter = { [name]: value === "the held run" ? runs.held : value };
    const list = `query ($filter: FlowRunFilter) { flowRuns(filter: $filter) { nodes { id state } } }`;
    const listed = await cloud.ask<{ flowRuns: { nodes: { id: string; state: string }[] } }>(tenant, list, { filter });
    const told = (await history(filter)).buckets.flatMap(({ states }) =>
      states.flatMap(({ state, runs: count }) => Array.from({ length: count }, () => state)),
    );
    const wanted = listed.flowRuns.nodes.filter(({ id }) => id !== runs.later).map(({ state }) => state);
    expect(told.toSorted(), JSON.stringify(filter)).toEqual(wanted.toSorted());
  }
});

test("every property of the filter is tried", () => {
  const filter = schema.getType("FlowRunFilter");
  expect(isInputObjectType(filter) && Object.keys(filter.getFields()).toSorted()).toEqual(
    Object.keys(FILTERS).toSorted(),
  );
});

test("the newest are looked at, and it is told that there are more", async () => {
  const wish = { from: new Date(FROM), to: new Date(TO), spans: 2, filter: {} };
  const read = (most: number, filter = {}) =>
    readFlowRunHistory(cloud.database, tenant.tenantId, { ...wish, most, filter });
  expect((await read(4)).isMore).toBe(false);
  const cut = await read(3, { flow: "milled" });
  expect(cut.isMore).toBe(false);
  const two = await read(2);
  expect(two.isMore).toBe(true);
  expect(two.spans[1]?.states).toHaveLength(2);
});

test("a window without length, and too many buckets, are refused", async () => {
  await expect(history({}, { from: TO })).rejects.toThrow("from must be before to");
  await expect(history({}, { buckets: 101 })).rejects.toThrow("1 to 100");
  await expect(history({}, { buckets: 0 })).rejects.toThrow("1 to 100");
});
