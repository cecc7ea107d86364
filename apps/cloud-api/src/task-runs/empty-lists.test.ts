import { afterAll, beforeAll, expect, test } from "vitest";
import { restartFlowRun } from "../flow-runs/restart-flow-run.ts";
import { type DoorFixture, startDoor } from "../run-door/testing/door-fixture.ts";
import { declare, flow, task } from "../run-door/testing/events.ts";

let door: DoorFixture;
beforeAll(async () => {
  door = await startDoor();
});
afterAll(() => door.stop());

test("empty lists are stored as null, and are empty ones, however stored, to whoever looks and to a restart", async () => {
  const id = await door.create();
  const agent = await door.enrol();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Running"), task(1, "Failed"), flow("Failed")]);
  const stored = async () =>
    (await door.pool.query("select upstream, tags from task_runs where flow_run_id = $1", [id])).rows;
  expect(await stored()).toEqual([{ upstream: null, tags: null }]);
  // As the version before this one left it.
  await door.pool.query("update task_runs set upstream = '{}' where flow_run_id = $1", [id]);
  const query = "query Run($id: ID!) { flowRun(id: $id) { taskRuns { nodes { upstream tags } } } }";
  const { body } = await door.post("/graphql", door.userKey, { query, variables: { id } });
  expect(body).toMatchObject({ data: { flowRun: { taskRuns: { nodes: [{ upstream: [], tags: [] }] } } } });
  await restartFlowRun(door.pool, { tenantId: door.tenantId, id });
  expect(await stored()).toEqual([{ upstream: null, tags: null }]);
  expect((await agent.claimOne()).known).toMatchObject([{ state: "Pending" }]);
  expect(await door.violations()).toEqual([]);
});
