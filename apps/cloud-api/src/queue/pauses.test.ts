import { eventually } from "@weir/testing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { pauseAgent, resumeAgent } from "../agents/pause-agent.ts";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { flow } from "../run-door/testing/events.ts";
import { pauseQueue, resumeQueue } from "./pause-queue.ts";

// Sooner than a claim gives up: its last look finds what nobody told it of.
vi.setConfig({ testTimeout: 15_000 });

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  // Nobody is woken by a poll: what is seen here was told at once.
  door = await startDoor({ sweepSeconds: 3600, pollSeconds: 3600 });
  agent = await door.enrol("first");
});
afterEach(async () => {
  await resumeQueue(door.pool, door.tenantId);
  expect(await door.violations()).toEqual([]);
});
afterAll(() => door.stop());

async function ask<T>(query: string, variables: object = {}): Promise<T> {
  const { body } = await door.post<{ data: T; errors?: unknown }>("/graphql", door.userKey, { query, variables });
  expect(body.errors).toBeUndefined();
  return body.data;
}

const PAUSE_QUEUE = `mutation ($input: PauseQueueInput!) { result: pauseQueue(input: $input) {
  ... on PauseQueuePayload { queue { due pause { by reason } } } ... on Refusal { code message } } }`;
const RESUME_QUEUE = `mutation { result: resumeQueue { ... on ResumeQueuePayload { queue { pause { by } } } } }`;
const PAUSE_AGENT = `mutation ($input: PauseAgentInput!) { result: pauseAgent(input: $input) {
  ... on PauseAgentPayload { agent { name pause { by reason } } } ... on Refusal { code message } } }`;
const RESUME_AGENT = `mutation ($name: String!) { result: resumeAgent(name: $name) {
  ... on ResumeAgentPayload { agent { pause { by } } } ... on Refusal { code message } } }`;

/** A claim that waits: it says a label of its own. */
const waitingClaim = (by: TestAgent, mark: string): Promise<string[]> =>
  by.claim({ room: 1, labels: [mark], waitSeconds: 25 }).then(({ runs }) => runs.map(({ runId }) => runId));

/** Waits until the cloud has claims of so many agents in hand: it writes down what labels they say. */
async function heardOf(mark: string, agents: number): Promise<void> {
  await eventually(async () => {
    const { rows } = await door.pool.query(`select from agents where labels @> array[$1]`, [mark]);
    expect(rows).toHaveLength(agents);
  });
}

test("nothing of a paused tenant is claimed, what is held goes on, and a claim that waits is woken by resume", async () => {
  await door.create();
  const held = await agent.claimOne();
  const id = await door.create();
  expect(await ask(PAUSE_QUEUE, { input: { reason: "the disk is full" } })).toEqual({
    result: { queue: { due: 1, pause: { by: "key user", reason: "the disk is full" } } },
  });
  expect(await agent.claim()).toEqual({ runs: [], orders: [] });
  await agent.reported(held, 1, [flow("Running"), flow("Success")]);
  const waiting = waitingClaim(agent, "paused queue");
  await heardOf("paused queue", 1);
  expect(await ask(RESUME_QUEUE)).toEqual({ result: { queue: { pause: null } } });
  expect(await waiting).toEqual([id]);
  expect(await ask(`{ queue { due pause { at } } }`)).toEqual({ queue: { due: 0, pause: null } });
});

test("a paused queue stays paused when limits are looked at too", async () => {
  await door.pool.query(`insert into run_limits (tenant_id, label, slots) values ($1, 'gpu', 1)`, [door.tenantId]);
  await door.create();
  await pauseQueue(door.pool, { tenantId: door.tenantId, by: "ada@example.com" });
  expect(await agent.claim()).toEqual({ runs: [], orders: [] });
  await resumeQueue(door.pool, door.tenantId);
  await agent.claimOne();
  await door.pool.query(`delete from run_limits`);
});

test("one paused agent claims nothing and keeps nobody else from it; it is woken by its own resume", async () => {
  const [paused, other] = [await door.enrol("paused one"), await door.enrol("other one")];
  expect(await ask(PAUSE_AGENT, { input: { name: "paused one", reason: "new disk" } })).toEqual({
    result: { agent: { name: "paused one", pause: { by: "key user", reason: "new disk" } } },
  });
  const first = waitingClaim(paused, "same kind");
  await heardOf("same kind", 1);
  // It waits for longer than the other, with the same labels: a wake-up of its own would be lost on it.
  const second = waitingClaim(other, "same kind");
  await heardOf("same kind", 2);
  const id = await door.create();
  expect(await second).toEqual([id]);
  const next = await door.create();
  expect(await ask(RESUME_AGENT, { name: "paused one" })).toEqual({ result: { agent: { pause: null } } });
  expect(await first).toEqual([next]);
});

test("a paused agent is paused still when it enrols anew", async () => {
  await door.enrol("steady");
  await pauseAgent(door.pool, { tenantId: door.tenantId, name: "steady", by: "ada@example.com" });
  const again = await door.enrol("steady");
  await door.create();
  expect(await again.claim()).toEqual({ runs: [], orders: [] });
  await resumeAgent(door.pool, { tenantId: door.tenantId, name: "steady" });
  await again.claimOne();
});

test("pauses of another tenant stop nobody, and its agents are not there", async () => {
  const tenantId = await makeTenant(door.pool);
  await pauseQueue(door.pool, { tenantId, by: "mallory@example.com" });
  await expect(pauseAgent(door.pool, { tenantId, name: "first", by: "mallory@example.com" })).rejects.toThrow(
    'There is no agent "first"',
  );
  await expect(resumeAgent(door.pool, { tenantId, name: "first" })).rejects.toThrow('There is no agent "first"');
  await door.create();
  await agent.claimOne();
});

test("a reason that is too long is refused, and so is an agent without a name", async () => {
  const reason = "x".repeat(70_000);
  expect(await ask(PAUSE_QUEUE, { input: { reason } })).toMatchObject({ result: { code: "INVALID" } });
  expect(await ask(PAUSE_AGENT, { input: { name: "first", reason } })).toMatchObject({ result: { code: "INVALID" } });
  expect(await ask(RESUME_AGENT, { name: " " })).toMatchObject({ result: { code: "INVALID" } });
  expect(await ask(RESUME_AGENT, { name: "nobody" })).toMatchObject({ result: { code: "NOT_FOUND" } });
});
