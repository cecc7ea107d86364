import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { schedulePlanner } from "../loops/schedule-planner.ts";
import { schedule } from "./testing/slots.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const REGISTER = `mutation ($input: RegisterFlowInput!) { registerFlow(input: $input) {
  ... on RegisterFlowPayload { flowVersion { flow { schedules { id name active zone next upcoming(first: 2) definition flow { name } } } } }
  ... on Refusal { code message } } }`;
const SET = `mutation ($id: ID!, $active: Boolean!) { setScheduleActive(id: $id, active: $active) {
  ... on SetScheduleActivePayload { schedule { name active next upcoming } } ... on Refusal { code message } } }`;

interface Schedule {
  readonly id: string;
  readonly name: string;
  readonly next: string | null;
  readonly upcoming: string[];
}

async function register(name: string, schedules: readonly object[]) {
  const input = { project: "default", registration: registration(name, { schedules }) };
  const { registerFlow } = await cloud.ask<{
    registerFlow: { flowVersion?: { flow: { schedules: Schedule[] } }; code?: string; message?: string };
  }>(tenant, REGISTER, { input });
  return { ...registerFlow, schedules: registerFlow.flowVersion?.flow.schedules ?? [] };
}

const set = async (who: TestTenant, id: string, active: boolean) =>
  (await cloud.ask<{ setScheduleActive: object }>(who, SET, { id, active })).setScheduleActive;

test("a flow tells its schedules with their next slots", async () => {
  const yearly = schedule({ cron: "0 12 1 1 *" }, { name: "yearly", zone: "Asia/Tokyo" });
  const over = schedule({ dates: ["2001-01-01"] }, { name: "over" });
  const { schedules } = await register("told", [yearly, over]);
  const year = new Date().getUTCFullYear();
  expect(schedules).toMatchObject([
    { name: "over", next: null, upcoming: [] },
    {
      name: "yearly",
      active: true,
      zone: "Asia/Tokyo",
      next: `${year + 1}-01-01T03:00:00.000Z`,
      upcoming: [`${year + 1}-01-01T03:00:00.000Z`, `${year + 2}-01-01T03:00:00.000Z`],
      definition: yearly,
      flow: { name: "told" },
    },
  ]);
});

test("a run tells which schedule made it", async () => {
  await register("made", [schedule({ everySeconds: 3_600 }, { name: "hourly" })]);
  await schedulePlanner({ pool: cloud.database.pool, seconds: 1, log: cloud.deps.log, now: () => new Date() }).tick();
  const query = `{ flowRuns(filter: { flow: "made" }) { nodes { state schedule { name flow { name } } } } }`;
  const { flowRuns } = await cloud.ask<{ flowRuns: { nodes: object[] } }>(tenant, query);
  expect(flowRuns.nodes).toHaveLength(10);
  expect(flowRuns.nodes[0]).toEqual({ state: "Scheduled", schedule: { name: "hourly", flow: { name: "made" } } });
  const byHand = await createRun(cloud, tenant, "by hand");
  expect(await cloud.ask(tenant, `{ flowRun(id: "${byHand}") { schedule { name } } }`)).toEqual({
    flowRun: { schedule: null },
  });
});

test("a schedule that cannot be computed does not spoil the list", async () => {
  await register("odd", [schedule({ everySeconds: 3_600 })]);
  await cloud.database.pool.query(
    `update schedules set definition = jsonb_set(definition, '{zone}', '"Mars"') where flow_id = (select id from flows where name = 'odd')`,
  );
  expect(await cloud.ask(tenant, `{ flow(project: "default", name: "odd") { schedules { next upcoming } } }`)).toEqual({
    flow: { schedules: [{ next: null, upcoming: [] }] },
  });
});

test("a schedule that makes no sense is a refusal, and nothing is written", async () => {
  expect(await register("refused", [schedule({ cron: "* * * *" })])).toMatchObject({
    code: "INVALID",
    message: expect.stringMatching(/4 fields instead of five/),
  });
  expect(await cloud.ask(tenant, `{ flow(project: "default", name: "refused") { id } }`)).toEqual({ flow: null });
});

test("a schedule is switched off and on; one that is gone, or another tenant's, is not there", async () => {
  const { schedules } = await register("switched", [schedule({ everySeconds: 60 })]);
  const id = schedules[0]?.id ?? "";
  expect(await set(tenant, id, false)).toEqual({ schedule: { name: "s", active: false, next: null, upcoming: [] } });
  expect(await set(tenant, id, true)).toMatchObject({ schedule: { active: true, next: expect.any(String) } });
  const other = await cloud.makeTenant();
  expect(await set(other, id, false)).toMatchObject({ code: "NOT_FOUND" });
  expect(await set(tenant, "nonsense", false)).toMatchObject({ code: "NOT_FOUND" });
  await register("switched", []);
  expect(await set(tenant, id, false)).toMatchObject({ code: "NOT_FOUND", message: expect.stringContaining(id) });
});
