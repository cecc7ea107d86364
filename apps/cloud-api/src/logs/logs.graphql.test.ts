import type { RunEvent } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  startGraphqlFixture,
  storyOf,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { MOST_LOOKED_AT } from "./log-filter.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
/** Three lines of task runs and some of the flow's own. */
let small: string;
/** 45,000 lines in its first attempt, of which some hundred and the last one say more; ten in its third. */
let large: string;

const LINES = 45_000;
const AT = 1_700_000_000_500;
const line = (text: string, more: object = {}): RunEvent => ({ kind: "log", at: AT, level: "info", text, ...more });

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  small = await createRun(cloud, tenant, "small");
  const agent = await enrolAgent(cloud, tenant);
  await agent.claim();
  const { begin, tasks, end } = storyOf(3);
  const own = [
    line("Fares of MAY, 100%", { level: "warn" }),
    line("sealed:eyJhbGciOiJkaXIifQ..may", { level: "error" }),
    line("sealed: the envelope of may", { level: "fatal", number: 2 }),
  ];
  await agent.report(small, [...begin, ...tasks, ...own, ...end]);
  large = await createRun(cloud, tenant, "large");
  await cloud.database.pool.query("update flow_runs set attempt = 3 where id = $1", [large]);
  const fill = `insert into logs (tenant_id, flow_run_id, attempt, number, at, level, text)
    select $1, $2, $3, n * 2, now(), case when n = $4 then 50 when n % 500 = 0 then 40 else 30 end, 'line ' || n from generate_series(1, $4::int) n`;
  await cloud.database.pool.query(fill, [tenant.tenantId, large, 1, LINES]);
  await cloud.database.pool.query(fill, [tenant.tenantId, large, 3, 10]);
  await cloud.database.pool.query("analyze logs");
}, 120_000);
afterAll(() => cloud.stop());

interface Logs {
  readonly nodes: readonly { readonly attempt: number; readonly number: number; readonly text: string }[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

async function logs(run: string, args: string): Promise<Logs> {
  const query = `{ flowRun(id: "${run}") { logs(${args}) { nodes { attempt number text } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
  return (await cloud.ask<{ flowRun: { logs: Logs } }>(tenant, query)).flowRun.logs;
}
const textsOf = ({ nodes }: Logs) => nodes.map(({ text }) => text);
const placesOf = ({ nodes }: Logs) => nodes.map(({ attempt, number }) => `${attempt}.${number}`);

test("lines are narrowed by level, by task run and by text, together", async () => {
  const texts = async (filter: string) => textsOf(await logs(small, `filter: { ${filter} }`));
  expect(await texts("levels: [warn]")).toEqual(["Fares of MAY, 100%"]);
  expect(await texts("levels: [fatal, warn]")).toEqual(["Fares of MAY, 100%", "sealed: the envelope of may"]);
  expect(await texts("levels: []")).toEqual([]);
  expect(await texts("taskRunNumber: 2")).toEqual(["line of 2", "sealed: the envelope of may"]);
  expect(await texts(`taskRunNumber: 2, textContains: "LINE"`)).toEqual(["line of 2"]);
  expect(await texts(`textContains: "0%"`)).toEqual(["Fares of MAY, 100%"]);
  expect(await texts(`textContains: "%"`)).toEqual(["Fares of MAY, 100%"]);
  expect(await texts(`textContains: ""`)).toHaveLength(6);
  expect(await texts("levels: null, textContains: null")).toHaveLength(6);
});

test("what is sealed is not searched, and found by its level all the same", async () => {
  const texts = async (filter: string) => textsOf(await logs(small, `filter: { ${filter} }`));
  expect(await texts(`textContains: "may"`)).toEqual(["Fares of MAY, 100%", "sealed: the envelope of may"]);
  expect(await texts("levels: [error]")).toEqual(["sealed:eyJhbGciOiJkaXIifQ..may"]);
});

test("a level that is none of ours counts as the next lower of ours, in the filter too", async () => {
  const odd = await createRun(cloud, tenant, "odd");
  const add = `insert into logs (tenant_id, flow_run_id, attempt, number, at, level, text) select $1, $2, 1, l, now(), l, 'at ' || l from unnest($3::int[]) l`;
  await cloud.database.pool.query(add, [tenant.tenantId, odd, [1, 35, 69]]);
  const query = `{ flowRun(id: "${odd}") { logs { nodes { number level } } } }`;
  const { flowRun } = await cloud.ask<{ flowRun: { logs: { nodes: { number: number; level: string }[] } } }>(
    tenant,
    query,
  );
  expect(flowRun.logs.nodes.map(({ level }) => level)).toEqual(["trace", "info", "fatal"]);
  for (const { number, level } of flowRun.logs.nodes)
    expect(textsOf(await logs(odd, `filter: { levels: [${level}] }`))).toEqual([`at ${number}`]);
});

test("a page begins at any place, both ways, and an attempt is a range of its own", async () => {
  expect(placesOf(await logs(large, `first: 3, after: "1.70001"`))).toEqual(["1.70002", "1.70004", "1.70006"]);
  expect(placesOf(await logs(large, `last: 2, before: "1.70001"`))).toEqual(["1.69998", "1.70000"]);
  expect(placesOf(await logs(large, `first: 2, after: "1.${2 * LINES}"`))).toEqual(["3.2", "3.4"]);
  expect(placesOf(await logs(large, `first: 2, filter: { attempt: 3 }`))).toEqual(["3.2", "3.4"]);
  expect(placesOf(await logs(large, `last: 1, filter: { attempt: 1 }`))).toEqual([`1.${2 * LINES}`]);
  expect(placesOf(await logs(large, `first: 2, after: "3.16", filter: { attempt: 3 }`))).toEqual(["3.18", "3.20"]);
  for (const attempt of [-5, 0, 2, 4, 2_147_483_647])
    expect(placesOf(await logs(large, `filter: { attempt: ${attempt} }`))).toEqual([]);
});

test("one question looks at a bounded number of lines, and says where the next one goes on", async () => {
  const visited: string[] = [];
  const found: string[] = [];
  for (let after = ""; ;) {
    const part = await logs(large, `filter: { attempt: 1, levels: [error] }${after}`);
    found.push(...textsOf(part));
    if (!part.pageInfo.hasNextPage) break;
    visited.push(part.pageInfo.endCursor);
    after = `, after: "${part.pageInfo.endCursor}"`;
  }
  expect(visited).toEqual([`1.${2 * MOST_LOOKED_AT}`, `1.${4 * MOST_LOOKED_AT}`]);
  expect(found).toEqual([`line ${LINES}`]);
});

test("the same from the end, and a page that is full says no more than that", async () => {
  const last = await logs(large, `last: 2, filter: { attempt: 1, textContains: "line 1000" }`);
  expect(last.nodes).toEqual([]);
  expect(last.pageInfo).toMatchObject({ hasPreviousPage: true, startCursor: `1.${2 * (LINES - MOST_LOOKED_AT + 1)}` });
  const full = await logs(large, "first: 2, filter: { levels: [warn] }");
  expect(textsOf(full)).toEqual(["line 500", "line 1000"]);
  expect(full.pageInfo).toMatchObject({ hasNextPage: true, endCursor: "1.2000" });
});

test("a run tells where the lines of each attempt are, and counts them up to a bound", async () => {
  const query = `{ flowRuns { nodes { id logExtents { attempt first last lines isMore } } } }`;
  const { flowRuns } = await cloud.ask<{ flowRuns: { nodes: { id: string; logExtents: object[] }[] } }>(tenant, query);
  const extents = new Map(flowRuns.nodes.map(({ id, logExtents }) => [id, logExtents]));
  expect(extents.get(large)).toEqual([
    { attempt: 1, first: 2, last: 2 * LINES, lines: 10_000, isMore: true },
    { attempt: 3, first: 2, last: 20, lines: 10, isMore: false },
  ]);
  expect(extents.get(small)).toMatchObject([{ attempt: 1, lines: 6, isMore: false }]);
});

test("lines know the task that wrote them", async () => {
  const query = `{ flowRun(id: "${small}") { logs(last: 3) { nodes { task taskRunNumber } } } }`;
  const { flowRun } = await cloud.ask<{ flowRun: object }>(tenant, query);
  const own = { task: null, taskRunNumber: null };
  expect(flowRun).toEqual({ logs: { nodes: [own, own, { task: "load", taskRunNumber: 2 }] } });
});

test.each([
  ["x".repeat(201), "201 characters"],
  [String.raw`a\u0000`, "NUL"],
])("a text that cannot be searched for is refused", async (text, told) => {
  const { body } = await cloud.post(
    tenant.userKey,
    `{ flowRun(id: "${small}") { logs(filter: { textContains: "${text}" }) { nodes { text } } } }`,
  );
  expect(body.errors?.[0]).toMatchObject({
    message: expect.stringContaining(told),
    extensions: { code: "INVALID" },
  });
});

test("looking at lines costs, so that a long page of runs with it is refused; an attempt alone costs nothing more", async () => {
  const ask = async (filter: string) =>
    (
      await cloud.post(
        tenant.userKey,
        `{ flowRuns(first: 200) { nodes { logs(first: 1, ${filter}) { nodes { text } } } } }`,
      )
    ).body;
  expect((await ask("filter: { levels: [error] }")).errors?.[0]?.message).toMatch(/could answer \d+ fields/);
  expect((await ask("filter: { attempt: 1 }")).errors).toBeUndefined();
});

test("pages, filtered ones and extents walk the primary key, and read no more than they look at", async () => {
  const { logExtents, logPages, wantedLogPages } = await import("./log.sql.ts");
  const range = [tenant.tenantId, 1, 40_000, 4, 0, 51];
  const statements = [
    ...(["asc", "desc"] as const).flatMap((direction) => [
      [logPages(direction, 2), [...range, large, small], 51],
      [wantedLogPages(direction, 2), [...range, MOST_LOOKED_AT, [50], null, null, large, small], MOST_LOOKED_AT],
    ]),
    [logExtents(2), [tenant.tenantId, 10_000, 20, large, small], 10_001],
  ] as [string, unknown[], number][];
  for (const [text, values, most] of statements) {
    const { rows } = await cloud.database.pool.query<{ "QUERY PLAN": string }>(`explain analyze ${text}`, values);
    const steps = rows.map((row) => row["QUERY PLAN"]);
    // Other days' partitions are passed over.
    const scans = steps.filter((step) => /Scan.*\blogs/.test(step) && !step.includes("never executed"));
    expect(scans.length).toBeGreaterThan(0);
    for (const scan of scans) {
      expect(scan).toMatch(/Index (Only )?Scan/);
      expect(Number(/rows=(\d+)[.\d]* loops/.exec(scan)?.[1])).toBeLessThanOrEqual(most);
    }
  }
});
