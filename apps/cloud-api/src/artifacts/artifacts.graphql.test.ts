import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunEvent } from "@weir/protocol";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  startGraphqlFixture,
  storyOf,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  await make("daily", [artifact("report", "old"), artifact("rows", "old")]);
  await make("weekly", [artifact("report", "of the week"), artifact("zoo", "z")]);
  await make("daily", [
    artifact("rows", "first"),
    artifact("rows", "new"),
    { ...artifact("link", "l"), artifact: "link" },
  ]);
});
afterAll(() => cloud.stop());

type ArtifactEvent = Extract<RunEvent, { kind: "artifact" }>;
const artifact = (name: string, data: string): ArtifactEvent => ({
  kind: "artifact",
  at: 1,
  name,
  artifact: "markdown",
  data,
});

async function make(flow: string, artifacts: readonly ArtifactEvent[], who = tenant): Promise<void> {
  const run = await createRun(cloud, who, flow);
  const agent = await enrolAgent(cloud, who);
  await agent.claim();
  const { begin, end } = storyOf(0);
  await agent.report(run, [...begin, ...artifacts, ...end]);
}

async function list(args: string, who = tenant) {
  const query = `{ artifacts${args} { nodes { name data } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }`;
  return (
    await cloud.ask<{ artifacts: { nodes: { name: string; data: string }[]; pageInfo: { endCursor: string } } }>(
      who,
      query,
    )
  ).artifacts;
}
const told = async (args: string, who = tenant) =>
  (await list(args, who)).nodes.map(({ name, data }) => `${name}: ${data}`);

test("the newest of each name is listed by name, whichever run made it", async () => {
  expect(await told("")).toEqual(["link: l", "report: of the week", "rows: new", "zoo: z"]);
});

test("a list is narrowed by flow, project, name and kind", async () => {
  expect(await told(`(flow: "daily")`)).toEqual(["link: l", "report: old", "rows: new"]);
  expect(await told(`(name: "report", flow: "weekly")`)).toEqual(["report: of the week"]);
  expect(await told(`(kind: link)`)).toEqual(["link: l"]);
  expect(await told(`(project: "default", name: "zoo")`)).toEqual(["zoo: z"]);
  expect(await told(`(project: "nowhere")`)).toEqual([]);
});

test("pages go on from either end", async () => {
  const first = await list(`(first: 3)`);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true });
  expect(await told(`(first: 3, after: "${first.pageInfo.endCursor}")`)).toEqual(["zoo: z"]);
  expect(await told(`(last: 2)`)).toEqual(["rows: new", "zoo: z"]);
  expect(await told(`(last: 2, before: "rows")`)).toEqual(["link: l", "report: of the week"]);
});

test("another tenant's are neither listed nor in the way", async () => {
  const stranger = await cloud.makeTenant();
  expect(await told("", stranger)).toEqual([]);
  await make("daily", [artifact("report", "theirs")], stranger);
  expect(await told("", stranger)).toEqual(["report: theirs"]);
  expect(await told(`(name: "report")`)).toEqual(["report: of the week"]);
});

test("the list walks its index and reads no older ones", async () => {
  const { pool } = cloud.database;
  await pool.query(
    `insert into artifacts (tenant_id, flow_run_id, attempt, number, at, name, kind, data)
     select tenant_id, flow_run_id, 2, i, now(), 'rows', 'markdown', '"x"' from artifacts, generate_series(1, 3000) i
     where tenant_id = $1 and name = 'zoo'`,
    [tenant.tenantId],
  );
  await pool.query("analyze artifacts");
  const { NEWEST_ARTIFACTS } = await import("./artifact.sql.ts");
  const values = [tenant.tenantId, null, null, 50, null, null, null];
  const { rows } = await pool.query<{ "QUERY PLAN": string }>(`explain analyze ${NEWEST_ARTIFACTS("asc")}`, values);
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan).not.toMatch(/Seq Scan on artifacts\w* .*rows=3\d\d\d /);
  expect(plan).toMatch(/artifacts\w*name\w*/);
});
