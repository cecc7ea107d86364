import type { ClaimedRun } from "@weir/protocol";
import { eventually } from "@weir/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { cancelFlowRun } from "../flow-runs/cancel-flow-run.ts";
import { sweepFlowRuns } from "../flow-runs/sweep-flow-runs.ts";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { flow } from "../run-door/testing/events.ts";
import { deleteRunLimit, MOST_RUN_LIMITS, setRunLimit } from "./set-run-limit.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  // Nobody is woken by a poll or a sweep: what is seen here was told at once.
  door = await startDoor({ sweepSeconds: 3600, pollSeconds: 3600 });
  agent = await door.enrol();
});
afterEach(async () => {
  expect(await door.violations()).toEqual([]);
  await door.pool.query(`delete from run_limits`);
  // Whoever is held or waits still is none of the next test's business.
  await door.pool.query(
    `update flow_runs set state = 'Cancelled', lease_expires_at = null, ended_at = now(), state_version = state_version + 1
     where state not in ('Cancelled', 'Success', 'Failed')`,
  );
  await door.pool.query(
    `insert into flow_run_states (tenant_id, flow_run_id, version, attempt, state, at)
     select r.tenant_id, r.id, r.state_version, r.attempt, r.state, now() from flow_runs r
     where not exists (select from flow_run_states s where s.flow_run_id = r.id and s.version = r.state_version)`,
  );
});
afterAll(() => door.stop());

const ALL = ["gpu", "eu", "big"];
const limit = (label: string, slots: number) => setRunLimit(door.pool, { tenantId: door.tenantId, label, slots });

async function create(count: number, labels: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) ids.push(await door.create({ labels }));
  return ids;
}

async function claim(room = 10, by = agent): Promise<ClaimedRun[]> {
  return (await by.claim({ room, labels: ALL })).runs;
}

test("no more runs with a label are held than its limit allows; others pass them by", async () => {
  await limit("gpu", 2);
  await create(4, ["gpu"]);
  const plain = await create(1, []);
  const first = await claim();
  expect(first.map(({ labels }) => labels)).toEqual([["gpu"], ["gpu"], []]);
  expect(first[2]?.runId).toBe(plain[0]);
  expect(await claim()).toEqual([]);
});

test("a full label holds up nobody, however many of it wait before", async () => {
  await limit("gpu", 0);
  await create(20, ["gpu"]);
  const [plain] = await create(1, []);
  expect((await claim(1)).map(({ runId }) => runId)).toEqual([plain]);
});

test("a run with two labels needs a slot of both", async () => {
  await limit("gpu", 1);
  await limit("eu", 1);
  await create(1, ["gpu", "eu"]);
  await create(1, ["gpu"]);
  await create(1, ["eu"]);
  expect((await claim()).map(({ labels }) => labels)).toEqual([["gpu", "eu"]]);
});

test("a label that stands twice on a run takes one slot", async () => {
  await limit("gpu", 2);
  await create(3, ["gpu", "gpu"]);
  expect(await claim(1)).toHaveLength(1);
  expect(await claim()).toHaveLength(1);
});

test("a claim that waits gets the next run as soon as one is over, given back, swept or cancelled", async () => {
  await limit("gpu", 1);
  await create(5, ["gpu"]);
  const other = await door.enrol("other");
  let [held] = await claim();
  const ways: ((run: ClaimedRun) => Promise<unknown>)[] = [
    (run) => agent.reported(run, 1, [flow("Running"), flow("Success")]),
    (run) => agent.reported(run, 1, [flow("Running"), flow("Failed")]),
    async (run) => {
      await cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
      await agent.reported(run, 1, [flow("Cancelled")]);
    },
    async (run) => {
      await cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
      await door.pool.query(`update flow_runs set lease_expires_at = now() - interval '1 s' where id = $1`, [
        run.runId,
      ]);
      await sweepFlowRuns(
        door.pool,
        { leaseSeconds: 45, maxRecoveries: 1, recoveryBackoffSeconds: 0 },
        () => undefined,
      );
    },
  ];
  for (const end of ways) {
    const { claimed } = await waitingClaim(other, 1);
    await end(held as ClaimedRun);
    const runs = await claimed;
    expect(runs).toHaveLength(1);
    [held] = runs;
  }
});

let claims = 0;
/** A claim that waits, once the cloud has it in hand: it says a new label each time, and the cloud writes down what it heard. */
async function waitingClaim(by: TestAgent, room: number): Promise<{ claimed: Promise<ClaimedRun[]> }> {
  claims += 1;
  const mark = `claim ${claims}`;
  const claimed = by.claim({ room, labels: [...ALL, mark], waitSeconds: 25 }).then(({ runs }) => runs);
  await eventually(async () => {
    const { rows } = await door.pool.query(`select from agents where labels @> array[$1]`, [mark]);
    expect(rows).toHaveLength(1);
  });
  return { claimed };
}

test("a limit that is raised, or removed, is felt at once by a claim that waits", async () => {
  await limit("gpu", 0);
  await create(3, ["gpu"]);
  const first = await waitingClaim(agent, 1);
  await limit("gpu", 1);
  expect(await first.claimed).toHaveLength(1);
  const second = await waitingClaim(agent, 10);
  await deleteRunLimit(door.pool, { tenantId: door.tenantId, label: "gpu" });
  expect(await second.claimed).toHaveLength(2);
});

test("many agents on two replicas that claim at once never hold more than the limit", async () => {
  const replica = await door.replica();
  await limit("gpu", 3);
  await limit("eu", 5);
  await create(20, ["gpu"]);
  await create(20, ["eu"]);
  await create(20, ["gpu", "eu"]);
  const agents = await Promise.all(Array.from({ length: 12 }, (_, i) => door.enrol(`racer ${i}`)));
  const elsewhere = agents.map((one, i) =>
    i % 2 === 0 ? one : Object.assign(Object.create(one), { url: replica.url }),
  );
  const most = { gpu: 0, eu: 0 };
  let over = 0;
  await Promise.all(
    elsewhere.map(async (racer: TestAgent) => {
      while (over < 60) {
        const { runs } = await racer.claim({ room: 2, labels: ALL });
        const { rows } = await door.pool.query<{ gpu: number; eu: number }>(
          `select (count(*) filter (where 'gpu' = any (labels)))::int as gpu, (count(*) filter (where 'eu' = any (labels)))::int as eu
           from flow_runs where state in ('Submitted', 'Running', 'Cancelling')`,
        );
        most.gpu = Math.max(most.gpu, rows[0]?.gpu ?? 0);
        most.eu = Math.max(most.eu, rows[0]?.eu ?? 0);
        for (const run of runs) {
          await racer.reported(run, 1, [flow("Running"), flow("Success")]);
          over += 1;
        }
      }
    }),
  );
  expect(most.gpu).toBe(3);
  expect(most.eu).toBeLessThanOrEqual(5);
});

test("of each label it is told who holds it, and how many wait", async () => {
  await limit("gpu", 2);
  const [first, second] = await create(3, ["gpu"]);
  await claim();
  const query = "{ runLimits(first: 10) { nodes { label slots held waiting holders { flowRunId agent } } } }";
  const { body } = await door.post<{ data: object }>("/graphql", door.userKey, { query });
  const holders = [first, second].map((flowRunId) => ({ flowRunId, agent: "agent" }));
  expect(body.data).toEqual({ runLimits: { nodes: [{ label: "gpu", slots: 2, held: 2, waiting: 1, holders }] } });
});

test("limits of another tenant do not count", async () => {
  await setRunLimit(door.pool, { tenantId: await makeTenant(door.pool), label: "gpu", slots: 0 });
  await create(2, ["gpu"]);
  expect(await claim()).toHaveLength(2);
});

test("what cannot be a limit is refused", async () => {
  await expect(limit("gpu", -1)).rejects.toThrow("whole number from 0");
  await expect(limit("gpu", 1.5)).rejects.toThrow("whole number from 0");
  await expect(deleteRunLimit(door.pool, { tenantId: door.tenantId, label: "gpu" })).rejects.toThrow(
    'The label "gpu" has no limit',
  );
  await door.pool.query(
    `insert into run_limits (tenant_id, label, slots) select $1, 'l' || i, 1 from generate_series(1, $2) i`,
    [door.tenantId, MOST_RUN_LIMITS],
  );
  await expect(limit("one more", 1)).rejects.toThrow("as many as can be");
  await limit("l7", 9);
});
