import { afterAll, beforeAll, expect, test } from "vitest";
import { pauseQueue, resumeQueue } from "../../queue/pause-queue.ts";
import { type DoorFixture, startDoor } from "../../run-door/testing/door-fixture.ts";
import { setRunLimit } from "../../run-limits/set-run-limit.ts";

let door: DoorFixture;
/** Ids of runs: without labels, with one that only `big` has, and one whose time has not come. */
let plain: string;
let gpu: string;

beforeAll(async () => {
  door = await startDoor({ sweepSeconds: 3600 });
  await door.enrol("big");
  await door.enrol("small");
  await door.pool.query("update agents set labels = '{gpu}' where name = 'big'");
  gpu = await door.create({ labels: ["gpu"] });
  plain = await door.create();
  await door.create({ scheduledStartTime: new Date(Date.now() + 3_600_000) });
  await door.pool.query("update flow_runs set scheduled_start_time = now() - interval '1 hour' where id = $1", [gpu]);
});
afterAll(() => door.stop());

interface Seen {
  readonly flowRun: { readonly id: string; readonly name: string };
  readonly canTake: boolean;
  readonly missingLabels: readonly string[];
  readonly servesProject: boolean;
  readonly waiting: { readonly reason: string; readonly sentence: string };
}

/** What each agent sees, by its name. */
async function seen(args = ""): Promise<Record<string, readonly Seen[]>> {
  const query = `{ agents { nodes { name waitingRuns${args} { flowRun { id name } canTake missingLabels servesProject waiting { reason sentence } } } } }`;
  const { body } = await door.post<{
    data: { agents: { nodes: { name: string; waitingRuns: Seen[] }[] } };
    errors?: object;
  }>("/graphql", door.userKey, { query });
  expect(body.errors).toBeUndefined();
  return Object.fromEntries(body.data.agents.nodes.map(({ name, waitingRuns }) => [name, waitingRuns]));
}

const reasonsOf = (runs: readonly Seen[] | undefined) => runs?.map(({ waiting }) => waiting.reason);

test("due runs in the order of claims, each as each agent sees it", async () => {
  const { big, small } = await seen();
  expect(big).toMatchObject([
    { flowRun: { id: gpu }, canTake: true, missingLabels: [], servesProject: true, waiting: { reason: "CLAIMABLE" } },
    { flowRun: { id: plain }, canTake: true },
  ]);
  expect(small).toMatchObject([
    {
      flowRun: { id: gpu },
      canTake: false,
      missingLabels: ["gpu"],
      servesProject: true,
      waiting: { reason: "NO_MATCHING_AGENT", sentence: "Agent small lacks gpu." },
    },
    { flowRun: { id: plain }, canTake: true, missingLabels: [] },
  ]);
  expect((await seen("(first: 1)")).small).toMatchObject([{ flowRun: { id: gpu } }]);
});

test("another project, a pause, silence and no room hold one agent and not the other; a limit and the queue's pause hold both", async () => {
  const change = async (columns: string) => await door.pool.query(`update agents set ${columns} where name = 'small'`);
  await change("projects = '{elsewhere}'");
  const { small } = await seen();
  expect(small?.map(({ servesProject }) => servesProject)).toEqual([false, false]);
  await change("projects = null, paused_at = now(), paused_by = 'ada'");
  expect(reasonsOf((await seen()).small)).toEqual(["NO_MATCHING_AGENT", "AGENTS_PAUSED"]);
  await change("paused_at = null, paused_by = null, last_seen_at = now() - interval '1 hour'");
  expect(reasonsOf((await seen()).small)).toEqual(["NO_MATCHING_AGENT", "AGENTS_OFFLINE"]);
  await change("last_seen_at = now(), capacity = 0");
  const full = await seen();
  expect(reasonsOf(full.small)).toEqual(["NO_MATCHING_AGENT", "AGENTS_FULL"]);
  expect(reasonsOf(full.big)).toEqual(["CLAIMABLE", "CLAIMABLE"]);

  await setRunLimit(door.pool, { tenantId: door.tenantId, label: "gpu", slots: 0 });
  expect(reasonsOf((await seen()).big)).toEqual(["LIMIT_FULL", "CLAIMABLE"]);
  await pauseQueue(door.pool, { tenantId: door.tenantId, by: "ada" });
  const paused = await seen();
  expect(paused.big?.map(({ canTake }) => canTake)).toEqual([false, false]);
  expect(reasonsOf(paused.small)).toEqual(["QUEUE_PAUSED", "QUEUE_PAUSED"]);
  await resumeQueue(door.pool, door.tenantId);
});

test("as many as may be asked for", async () => {
  const query = "{ agents { nodes { waitingRuns(first: 21) { canTake } } } }";
  const { body } = await door.post<{ errors: { message: string }[] }>("/graphql", door.userKey, { query });
  expect(body.errors[0]?.message).toContain("1 to 20");
});
