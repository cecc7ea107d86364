import type { RunEvent } from "@weir/protocol";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { declare, flow, log, task } from "../run-door/testing/events.ts";

// What users wrote is in the database and in answers to them, where their policy lets it be, and never in the cloud's own log: not when all goes
// well, and not when Postgres refuses a row and says which.

const CANARY = "canary-91be";
const FLOW = `flow-${CANARY}`;

let cloud: GraphqlFixture;
let tenant: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture({ logLevel: "trace" });
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());
beforeEach(() => void cloud.logged.splice(0));

const failure = { name: CANARY, message: CANARY, stack: CANARY, cause: { name: CANARY, message: CANARY } };
const EVENTS: RunEvent[] = [
  flow("Running"),
  declare(1, { runName: CANARY, key: CANARY }),
  task(1, "Running"),
  log(CANARY, { number: 1 }),
  task(1, "Failed", { message: CANARY, failure, location: CANARY }),
  { kind: "artifact", at: 1, name: CANARY, artifact: "markdown", data: { [CANARY]: CANARY } },
  flow("Failed", { message: CANARY, failure }),
];

const logged = () => cloud.logged.join("\n");

/** Makes the database refuse what holds the canary in a column, for the time of a test. */
async function refusing(column: string, work: () => Promise<unknown>): Promise<void> {
  const [table, name] = column.split(".");
  await cloud.database.pool.query(
    `alter table ${table} add constraint no_birds check (${name}::text not like '%${CANARY}%') not valid`,
  );
  await work();
  await cloud.database.pool.query(`alter table ${table} drop constraint no_birds`);
}

async function claimedRun(): Promise<{ id: string; report: (events: readonly RunEvent[]) => Promise<void> }> {
  const id = await createRun(cloud, tenant, FLOW, { parameters: { [CANARY]: CANARY } });
  const agent = await enrolAgent(cloud, tenant);
  await agent.claim();
  return { id, report: (events) => agent.report(id, events) };
}

test("a run that works leaves nothing in the log, at its most talkative level", async () => {
  const run = await claimedRun();
  await run.report(EVENTS);
  await cloud.ask(tenant, `query ($id: ID!) { flowRun(id: $id) { parameters failure logs { nodes { text } } } }`, run);
  expect(logged()).not.toContain(CANARY);
});

test.each(["logs.text", "task_runs.location", "task_run_states.detail", "flow_run_states.failure", "artifacts.data"])(
  "a report that the database refuses for its %s is told without it, in the log and in the answer",
  async (column) => {
    const run = await claimedRun();
    await refusing(column, async () => {
      const answer = await run.report(EVENTS).catch((error: Error) => error.message);
      expect(answer).toMatch(/: 500 .*INTERNAL/);
      expect(answer).not.toContain(CANARY);
    });
    expect(logged()).toContain("no_birds");
    expect(logged()).not.toContain(CANARY);
  },
);

test("so is a GraphQL mutation, whether its values came as variables or stand in the operation", async () => {
  await createRun(cloud, tenant, FLOW);
  await refusing("flow_runs.parameters", async () => {
    const inline = `mutation { createFlowRun(input: { project: "default", flow: "${FLOW}", parameters: { a: "${CANARY}" } }) {
      __typename } }`;
    const variables = { input: { project: "default", flow: FLOW, parameters: { a: CANARY } } };
    const named = "mutation ($input: CreateFlowRunInput!) { createFlowRun(input: $input) { __typename } }";
    for (const answer of [
      await cloud.post(tenant.userKey, inline),
      await cloud.post(tenant.userKey, named, variables),
    ]) {
      expect(answer.body.errors?.[0]?.extensions.code).toBe("INTERNAL");
      expect(JSON.stringify(answer.body)).not.toContain(CANARY);
    }
  });
  expect(logged()).toContain("no_birds");
  expect(logged()).not.toContain(CANARY);
});

test("a query that Prisma cannot make is told without its arguments", async () => {
  await cloud.database.pool.query("alter table flow_runs rename column idempotency_key to gone");
  const query = `query ($filter: FlowRunFilter) { flowRuns(filter: $filter) { nodes { idempotencyKey } } }`;
  const answer = await cloud.post(tenant.userKey, query, { filter: { flow: FLOW, project: "default" } });
  await cloud.database.pool.query("alter table flow_runs rename column gone to idempotency_key");
  expect(answer.body.errors?.[0]?.extensions.code).toBe("INTERNAL");
  expect(logged()).toMatch(/Prisma/);
  expect(logged() + JSON.stringify(answer.body)).not.toContain(CANARY);
});

test("bodies that cannot be read, addresses that are not there and wrong operations leave nothing either", async () => {
  const headers = { authorization: `Bearer ${tenant.userKey}`, "content-type": "application/json" };
  const send = (url: string, payload: string) => cloud.app.inject({ method: "POST", url, headers, payload });
  expect((await send("/graphql", `{"query": ${CANARY}`)).statusCode).toBe(400);
  expect((await send(`/v1/${CANARY}?q=${CANARY}`, "{}")).statusCode).toBe(404);
  await cloud.post(tenant.userKey, `{ flowRun(id: "${CANARY}") { ${CANARY.replace("-", "_")} } }`);
  const broken = registration(FLOW, { labels: CANARY, parameterDefaults: { [CANARY]: CANARY } });
  const register = "mutation ($input: RegisterFlowInput!) { registerFlow(input: $input) { __typename } }";
  await cloud.post(tenant.userKey, register, { input: { project: CANARY, registration: broken } });
  expect(logged()).not.toContain(CANARY);
});
