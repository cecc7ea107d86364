import { afterAll, beforeAll, expect, test } from "vitest";
import { dropPartitionsBefore } from "../database/drop-partitions.ts";
import { DAY_MS, ensurePartitions, partitionAt, partitionNames } from "../database/partitions.ts";
import { type DoorFixture, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, log, task } from "../run-door/testing/events.ts";
import { restartFlowRun } from "./restart-flow-run.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor();
  agent = await door.enrol();
});
afterAll(() => door.stop());

const RUN = `query Run($id: ID!) { flowRun(id: $id) { name state isForgotten states { state } taskRuns { edges { node { number } } }
  logs { edges { node { text } } } logExtents { lines } artifacts { name } holdings { table } } }`;

interface Told {
  readonly isForgotten: boolean;
  readonly state: string;
  readonly states: readonly object[];
  readonly taskRuns: { readonly edges: readonly object[] };
  readonly logs: { readonly edges: readonly object[] };
}

async function told(id: string): Promise<Told> {
  const { body } = await door.post<{ data: { flowRun: Told } }>("/graphql", door.userKey, {
    query: RUN,
    variables: { id },
  });
  expect(body).not.toHaveProperty("errors");
  return body.data.flowRun;
}

test("a run whose day was dropped is shown as what it was, says that the rest is forgotten, and is not restarted", async () => {
  const id = await door.create();
  const run = await agent.claimOne();
  const events = [flow("Running"), declare(1), task(1, "Running"), log("line"), task(1, "Failed"), flow("Failed")];
  await agent.reported(run, 1, events);
  expect(await told(id)).toMatchObject({ isForgotten: false, taskRuns: { edges: [{}] }, logs: { edges: [{}] } });
  // As a few days later.
  const dropped = await dropPartitionsBefore(door.pool, new Date(Date.now() + 2 * DAY_MS));
  expect(dropped.kept).toEqual([]);
  expect(await told(id)).toMatchObject({
    isForgotten: true,
    state: "Failed",
    states: [{}, {}, {}, {}],
    taskRuns: { edges: [] },
    logs: { edges: [] },
    artifacts: [],
  });
  await expect(restartFlowRun(door.pool, { tenantId: door.tenantId, id })).rejects.toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("older than this cloud keeps them"),
  });
  expect((await door.run(id)).state).toBe("Failed");
});

test("a restart that meets retention at work waits for it, and is refused then", async () => {
  const tomorrow = new Date(Date.now() + DAY_MS);
  await ensurePartitions(door.pool, new Date());
  const id = await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), flow("Failed")]);
  const client = await door.pool.connect();
  await client.query("begin; lock table only task_runs in access exclusive mode");
  const restarting = restartFlowRun(door.pool, { tenantId: door.tenantId, id }).catch((error: unknown) => error);
  const waits = "select from pg_locks where not granted and relation = 'task_runs'::regclass";
  await expect.poll(async () => (await door.pool.query(waits)).rowCount).toBe(1);
  for (const name of await partitionNames(client))
    if (name < partitionAt("task_runs", tomorrow.getTime()).name && name.startsWith("task_runs_"))
      await client.query(`drop table partitions.${name}`);
  await client.query("commit");
  client.release();
  expect(await restarting).toMatchObject({ code: "CONFLICT" });
});
