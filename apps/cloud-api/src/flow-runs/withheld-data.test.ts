import type { RunEvent } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  type TestAgent,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { declare, flow, log, task } from "../run-door/testing/events.ts";
import { jwe, sealedFailure, sealedJson, sealedText } from "../seal-keys/testing/sealed.ts";
import { restartFlowRun } from "./restart-flow-run.ts";

// What a strict policy leaves of a run: nothing here may be read, and every query and page answers all the same.

let cloud: GraphqlFixture;
let tenant: TestTenant;
let agent: TestAgent;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  agent = await enrolAgent(cloud, tenant);
});
afterAll(() => cloud.stop());

const PSEUDONYM = `pseudonym:${"p".repeat(43)}`;
const LONG_NAME = sealedText("n", "x".repeat(250));
const LONG_PLACE = sealedText("l", "x".repeat(2_800));
const WITHHELD = { name: "Withheld", message: "Withheld by the boundary policy." } as const;
const artifact = (name: string, data: unknown): RunEvent => ({
  kind: "artifact",
  at: 1,
  name,
  artifact: "markdown",
  data,
});

const STRICT: RunEvent[] = [
  flow("Running"),
  declare(1, { runName: LONG_NAME }),
  task(1, "Running", { runName: "" }),
  log("", { number: 1 }),
  log(sealedText("t", "secret line"), { number: 1 }),
  task(1, "Success", { location: LONG_PLACE, resultBytes: 0 }),
  declare(2, { runName: PSEUDONYM }),
  task(2, "Running"),
  task(2, "Failed", { message: "", failure: { ...WITHHELD, code: "TASK_TIMED_OUT" }, location: PSEUDONYM }),
  declare(3),
  task(3, "TriggerFailed", { message: sealedText("m"), failure: sealedFailure("f") }),
  artifact("nothing", null),
  artifact("sealed", sealedJson("table")),
  flow("Failed", { message: sealedText("m"), failure: sealedFailure("f") }),
];

const ALL = `id name state message failure parameters parametersSignature boundary sealKeys { id }
  states { message failure } flow { name schedules { name definition next } }
  flowVersion { parameterDefaults runConfig storage boundary signature tasks }
  taskRuns(first: 50) { nodes { number name location message failure approvalMessage states { message failure refused } } }
  logs(first: 50) { nodes { text logger } pageInfo { hasNextPage } } artifacts { name data } holdings { table rows sample }`;

interface Shown {
  readonly message: string;
  readonly failure: unknown;
  readonly taskRuns: {
    readonly nodes: { readonly name: string; readonly location: string; readonly failure: unknown }[];
  };
  readonly logs: { readonly nodes: { readonly text: string }[] };
  readonly artifacts: { readonly name: string; readonly data: unknown }[];
  readonly holdings: { readonly table: string; readonly rows: number }[];
}

async function show(id: string): Promise<Shown> {
  const query = `query FlowRun($id: ID!) { flowRun(id: $id) { ${ALL} } }`;
  return (await cloud.ask<{ flowRun: Shown }>(tenant, query, { id })).flowRun;
}

async function strictRun(name: string): Promise<string> {
  const id = await createRun(cloud, tenant, name, { parameters: sealedJson("parameters") });
  await agent.claim();
  await agent.report(id, STRICT);
  return id;
}

test("a run of which everything is sealed, a pseudonym or withheld is shown whole, as it came", async () => {
  const run = await show(await strictRun("strict"));
  expect(run).toMatchObject({
    parameters: sealedJson("parameters"),
    message: sealedText("m"),
    failure: sealedFailure("f"),
  });
  expect(run.taskRuns.nodes).toMatchObject([
    { name: "", location: LONG_PLACE, failure: null },
    { name: PSEUDONYM, location: PSEUDONYM, failure: { name: "Withheld", code: "TASK_TIMED_OUT" } },
    { name: null, failure: sealedFailure("f") },
  ]);
  expect(run.logs.nodes.map(({ text }) => text)).toEqual(["", sealedText("t", "secret line")]);
  expect(run.artifacts).toEqual([
    { name: "nothing", data: null },
    { name: "sealed", data: sealedJson("table") },
  ]);
  expect(run.holdings.map(({ table, rows }) => [table, rows])).toEqual([
    ["flow_runs", 1],
    ["artifacts", 2],
    ["flow_run_states", 4],
    ["logs", 2],
    ["task_run_states", 8],
    ["task_runs", 3],
  ]);
});

test("lists of such runs have pages, and it is restarted like any other", async () => {
  const id = await strictRun("again");
  const query = `{ flowRuns(first: 1) { nodes { id message failure parameters } pageInfo { hasNextPage } } }`;
  expect(await cloud.ask(tenant, query)).toMatchObject({ flowRuns: { nodes: [{ id, message: sealedText("m") }] } });
  await restartFlowRun(cloud.database.pool, { tenantId: tenant.tenantId, id });
  expect(await agent.claim()).toEqual([id]);
  await agent.report(id, [flow("Running")]);
  expect((await show(id)).taskRuns.nodes[0]).toMatchObject({ location: LONG_PLACE });
});

test("a flow whose registration is sealed is listed, with its storage as it came", async () => {
  const sealed = {
    parameterDefaults: sealedJson("defaults"),
    runConfig: sealedJson("config"),
    storage: { kind: "sealed", box: jwe("storage") },
  };
  const input = { project: "default", registration: registration("boxed", sealed) };
  await cloud.ask(tenant, "mutation ($input: RegisterFlowInput!) { registerFlow(input: $input) { __typename } }", {
    input,
  });
  const query = `{ flow(project: "default", name: "boxed") { currentVersion { storage parameterDefaults runConfig } } }`;
  expect(await cloud.ask(tenant, query)).toEqual({ flow: { currentVersion: sealed } });
});
