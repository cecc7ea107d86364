import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "../../run-door/testing/door-fixture.ts";
import { flow } from "../../run-door/testing/events.ts";
import { changeFlowRuns, requireCount } from "./change-flow-runs.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor({ sweepSeconds: 3600 });
  agent = await door.enrol("mill");
});
beforeEach(async () => {
  expect(await door.violations()).toEqual([]);
});
afterAll(() => door.stop());

async function ask<T>(query: string, variables: object): Promise<T> {
  const { body } = await door.post<{ data: T; errors?: unknown }>("/graphql", door.userKey, { query, variables });
  expect(body.errors).toBeUndefined();
  return body.data;
}

const count = async (filter: object) =>
  (
    await ask<{ flowRunCount: object }>(
      `query ($filter: FlowRunFilter!) { flowRunCount(filter: $filter) { count isMore } }`,
      { filter },
    )
  ).flowRunCount;

async function change(verb: "cancel" | "restart", input: object): Promise<unknown> {
  const Verb = verb === "cancel" ? "Cancel" : "Restart";
  const query = `mutation ($input: ChosenFlowRunsInput!) { result: ${verb}FlowRuns(input: $input) {
    ... on ${Verb}FlowRunsPayload { changed left refused { code count message ids } } ... on Refusal { code message } } }`;
  return (await ask<{ result: unknown }>(query, { input })).result;
}

const statesOf = async (ids: readonly string[]) => await Promise.all(ids.map(async (id) => (await door.run(id)).state));

test("what a filter finds is counted, cancelled when it is still as many, and started again", async () => {
  const labels = ["nightly"];
  const ids = [await door.create({ labels }), await door.create({ labels }), await door.create({ labels })];
  const other = await door.create();
  const filter = { labels, state: ["Scheduled"] };
  expect(await count(filter)).toEqual({ count: 3, isMore: false });
  expect(await change("cancel", { filter, expectedCount: 2 })).toEqual({
    code: "CONFLICT",
    message:
      "3 runs are meant now, not 2: nothing was changed. Look at them again, and ask with the number that you see.",
  });
  expect(await statesOf(ids)).toEqual(["Scheduled", "Scheduled", "Scheduled"]);
  expect(await change("cancel", { filter, expectedCount: 3 })).toEqual({ changed: 3, left: 0, refused: [] });
  expect(await statesOf([...ids, other])).toEqual(["Cancelled", "Cancelled", "Cancelled", "Scheduled"]);
  expect(await change("restart", { filter: { labels }, expectedCount: 3 })).toEqual({
    changed: 3,
    left: 0,
    refused: [],
  });
  await change("cancel", { ids: [...ids, other], expectedCount: 4 });
});

test("runs that refuse do not keep the others from it, and are told with the reason", async () => {
  const [waiting, over] = [await door.create(), await door.create()];
  await change("cancel", { ids: [over], expectedCount: 1 });
  expect(await change("cancel", { ids: [waiting, over, over], expectedCount: 2 })).toEqual({
    changed: 1,
    left: 0,
    refused: [
      {
        code: "CONFLICT",
        count: 1,
        message: `Flow run ${over} is over (Cancelled); there is nothing to cancel.`,
        ids: [over],
      },
    ],
  });
  const running = await door.create();
  expect(await change("restart", { ids: [running, over], expectedCount: 2 })).toMatchObject({
    changed: 1,
    refused: [{ code: "NOT_FINISHED", count: 1, ids: [running] }],
  });
  await change("cancel", { ids: [running, over], expectedCount: 2 });
});

test("what cancelled runs had started is cancelled with them, to the last", async () => {
  const id = await door.create();
  const [child, grandchild] = [await door.create(), await door.create()];
  await door.pool.query(`update flow_runs set parent_run_id = $1 where id = $2`, [id, child]);
  await door.pool.query(`update flow_runs set parent_run_id = $1 where id = $2`, [child, grandchild]);
  expect(await count({ parent: id })).toEqual({ count: 1, isMore: false });
  expect(await change("cancel", { ids: [id], expectedCount: 1 })).toMatchObject({ changed: 1 });
  expect(await statesOf([id, child, grandchild])).toEqual(["Cancelled", "Cancelled", "Cancelled"]);
});

test("runs of another tenant are neither counted nor changed", async () => {
  const tenantId = await makeTenant(door.pool);
  const id = await door.create({ tenantId, name: "theirs" });
  expect(await count({ nameContains: "THEIRS" })).toEqual({ count: 0, isMore: false });
  expect(await change("cancel", { ids: [id], expectedCount: 1 })).toMatchObject({ code: "CONFLICT" });
  expect(await change("cancel", { ids: [id], expectedCount: 0 })).toMatchObject({ changed: 0 });
  expect(await statesOf([id])).toEqual(["Scheduled"]);
});

test("a list is narrowed by each of what a filter may say", async () => {
  await door.pool.query(`update flow_runs set created_at = now() - interval '1 day' where tenant_id = $1`, [
    door.tenantId,
  ]);
  const begun = new Date(Date.now() - 1000);
  const id = await door.create({ name: "Monthly report 50%", labels: ["a", "b"] });
  const run = await agent.claimOne({ labels: ["a", "b"] });
  await agent.reported(run, 1, [{ ...flow("Running"), at: Date.now() }]);
  const later = new Date(Date.now() + 60_000);
  const scheduleId = makeId();
  await door.pool.query(
    `insert into schedules (id, tenant_id, flow_id, name, definition, definition_digest, planned_until)
     select $1, tenant_id, flow_id, 'every night', '{}', 'x', now() from flow_runs where id = $2`,
    [scheduleId, id],
  );
  await door.pool.query(
    `insert into schedule_slots (tenant_id, schedule_id, slot, flow_run_id) values ($1, $2, now(), $3)`,
    [door.tenantId, scheduleId, id],
  );
  const found: [object, number][] = [
    [{ labels: ["b"], nameContains: "report 50%" }, 1],
    [{ labels: ["b", "c"] }, 0],
    [{ nameContains: "REPORT" }, 1],
    [{ nameContains: "report_50" }, 0],
    [{ createdAfter: begun, createdBefore: later }, 1],
    [{ createdAfter: later }, 0],
    [{ startedAfter: begun, startedBefore: later }, 1],
    [{ startedBefore: begun }, 0],
    [{ agent: "mill" }, 1],
    [{ agent: "nobody" }, 0],
    [{ schedule: "every night", project: "p", flow: "f" }, 1],
    [{ schedule: "every day" }, 0],
    [{ parent: id }, 0],
    [{ parent: "nothing" }, 0],
  ];
  for (const [filter, n] of found)
    expect({ filter, ...(await count(filter)) }).toEqual({ filter, count: n, isMore: false });
  await agent.reported(run, 2, [flow("Success")]);
});

test("it takes either a filter or a list, and no more runs than it can tell of", async () => {
  expect(await change("cancel", { expectedCount: 0 })).toMatchObject({ code: "INVALID" });
  expect(await change("cancel", { filter: {}, ids: [], expectedCount: 0 })).toMatchObject({ code: "INVALID" });
  expect(await change("cancel", { ids: ["x"], expectedCount: 1 })).toMatchObject({ code: "NOT_FOUND" });
  expect(() => requireCount(10_001, 10_001)).toThrow("More than 10000 runs");
});

test("it stops when whoever asked is gone, and what is no refusal ends it", async () => {
  let asked = 0;
  const ids = Array.from({ length: 20 }, makeId);
  const outcome = await changeFlowRuns(
    ids,
    async () => void (asked += 1),
    () => asked >= 6,
  );
  expect(outcome).toEqual({ changed: asked, refused: [], left: 20 - asked });
  const broken = changeFlowRuns(
    ids,
    () => Promise.reject(new Error("the database is away")),
    () => false,
  );
  await expect(broken).rejects.toThrow("the database is away");
});
