import { setTimeout as sleep } from "node:timers/promises";
import type { RunEvent, StateName } from "@weir/protocol";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AppDeps } from "../app.ts";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  startGraphqlFixture,
  storyOf,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { setAlarm } from "./alarm.ts";
import { flowRunUpdates, type FlowRunUpdate, type RunHead } from "./flow-run-updates.ts";

/** A wake that tests ring, and that tells who listens. */
function handWake() {
  const listeners = new Set<() => void>();
  const wake: AppDeps["wake"] = {
    onWork: () => () => undefined,
    onOrder: () => () => undefined,
    onRun(_runId, fn) {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
    close: () => Promise.resolve(),
  };
  return { wake, listeners };
}

const { wake, listeners } = handWake();
let cloud: GraphqlFixture;
let tenant: TestTenant;
let address: string;

beforeAll(async () => {
  cloud = await startGraphqlFixture({ wake });
  tenant = await cloud.makeTenant();
  address = await cloud.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => cloud.stop());

interface Update {
  readonly after: string;
  readonly flowRun: { readonly state: StateName; readonly flow: { readonly name: string } };
  readonly taskRuns: readonly { readonly number: number; readonly state: StateName }[];
  readonly logs: readonly { readonly text: string }[];
}

interface Message {
  readonly data?: { readonly flowRunUpdates: Update };
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** A subscription over real HTTP. `messages` grows as they come. */
async function watch(id: string, o: { after?: string; key?: string } = {}) {
  const stop = new AbortController();
  const query = `subscription FlowRunUpdates($id: ID!, $after: String) { flowRunUpdates(id: $id, after: $after) {
    after flowRun { state flow { name } } taskRuns { number state } logs { text } } }`;
  const reply = await fetch(`${address}/graphql`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${o.key ?? tenant.userKey}`,
      "content-type": "application/json",
      accept: "text/event-stream",
    },
    body: JSON.stringify({ query, variables: { id, after: o.after } }),
    signal: stop.signal,
  });
  const messages: Message[] = [];
  const ended = readMessages(reply, messages);
  return {
    reply,
    messages,
    ended,
    updates: () => messages.flatMap(({ data }) => data?.flowRunUpdates ?? []),
    stop: () => stop.abort(),
  };
}

/** How a stream ended: by itself, or because it was cut. */
async function readMessages(reply: Response, messages: Message[]): Promise<"complete" | "cut"> {
  let text = "";
  try {
    for await (const chunk of (reply.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const data = /^data: (.+)$/m.exec(block)?.[1];
        if (data !== undefined) messages.push(JSON.parse(data) as Message);
        if (block.includes("event: complete")) return "complete";
      }
    }
  } catch {
    return "cut";
  }
  return "cut";
}

async function heldRun(flow: string) {
  const id = await createRun(cloud, tenant, flow);
  const agent = await enrolAgent(cloud, tenant);
  await agent.claim();
  const report = (events: RunEvent[]) => agent.report(id, events);
  return { id, report };
}

const ring = () => listeners.forEach((listener) => listener());

test("everything so far at once, then what is new, then the end", async () => {
  const { id, report } = await heldRun("deltas");
  const { begin, tasks, end } = storyOf(2);
  await report([...begin, ...tasks.slice(0, 4)]);
  const stream = await watch(id);
  await eventually(() => stream.messages.length === 1);
  expect(stream.updates()[0]).toEqual({
    after: "1.5",
    flowRun: { state: "Running", flow: { name: "deltas" } },
    taskRuns: [{ number: 1, state: "Success" }],
    logs: [{ text: "line of 1" }],
  });
  await report(tasks.slice(4, 6));
  ring();
  await eventually(() => stream.messages.length === 2);
  expect(stream.updates()[1]).toMatchObject({ after: "1.7", taskRuns: [{ number: 2, state: "Running" }], logs: [] });
  await report([...tasks.slice(6), ...end]);
  ring();
  expect(await stream.ended).toBe("complete");
  expect(stream.updates()[2]).toMatchObject({
    flowRun: { state: "Success" },
    taskRuns: [{ number: 2, state: "Success" }],
    logs: [{ text: "line of 2" }],
  });
  expect(stream.messages).toHaveLength(3);
});

test("nobody rings, and the change is told all the same", async () => {
  const { id, report } = await heldRun("poll");
  const stream = await watch(id);
  await eventually(() => stream.messages.length === 1);
  await report(storyOf(0).begin);
  await eventually(() => stream.updates().at(-1)?.flowRun.state === "Running");
  stream.stop();
});

test("a run that is over is told whole in one go", async () => {
  const { id, report } = await heldRun("over");
  const { begin, tasks, end } = storyOf(3);
  await report([...begin, ...tasks, ...end]);
  const stream = await watch(id);
  expect(await stream.ended).toBe("complete");
  expect(stream.messages).toHaveLength(1);
  expect(stream.updates()[0]?.taskRuns).toHaveLength(3);
});

test("much that waits comes as messages of bounded size, each line and each task run once", async () => {
  const { id, report } = await heldRun("bounded");
  const { begin, tasks, end } = storyOf(5);
  await report([...begin, ...tasks, ...end]);
  const { pool, prisma } = cloud.database;
  const gone = new AbortController().signal;
  const stream = flowRunUpdates({
    pool,
    tenantId: tenant.tenantId,
    runId: id,
    after: null,
    readRun: () => prisma.flowRun.findUnique({ where: { id } }),
    setAlarm: () => setAlarm(() => () => undefined, gone, { pollMs: 1_000, quietMs: 0 }),
    checkCredential: () => Promise.resolve(),
    gone,
    eventsPerMessage: 3,
  });
  const messages: FlowRunUpdate<RunHead>[] = [];
  for await (const message of stream) messages.push(message);
  expect(messages.length).toBeGreaterThan(4);
  for (const message of messages) expect(message.logs.length + message.taskRuns.length).toBeLessThanOrEqual(3);
  expect(messages.flatMap(({ logs }) => logs.map((log) => log.text))).toEqual(
    [1, 2, 3, 4, 5].map((number) => `line of ${number}`),
  );
  expect(messages.flatMap(({ taskRuns }) => taskRuns.map(({ number, state }) => `${number} ${state}`))).toEqual(
    [1, 2, 3, 4, 5].map((number) => `${number} Success`),
  );
  expect(messages.at(-1)?.after).toBe("1.22");
});

test("a second stream goes on where the first had come to", async () => {
  const { id, report } = await heldRun("again");
  const { begin, tasks, end } = storyOf(2);
  await report([...begin, ...tasks.slice(0, 4)]);
  const first = await watch(id);
  await eventually(() => first.messages.length === 1);
  first.stop();
  await report([...tasks.slice(4), ...end]);
  const second = await watch(id, { after: first.updates()[0]?.after ?? "" });
  expect(await second.ended).toBe("complete");
  expect(second.updates().flatMap((update) => update.logs)).toEqual([{ text: "line of 2" }]);
  expect(second.updates().flatMap((update) => update.taskRuns)).toEqual([{ number: 2, state: "Success" }]);
});

test("a client that goes away leaves nothing behind", async () => {
  const { id } = await heldRun("gone");
  await eventually(() => listeners.size === 0);
  const stream = await watch(id);
  await eventually(() => stream.messages.length === 1 && listeners.size === 1);
  stream.stop();
  expect(await stream.ended).toBe("cut");
  await eventually(() => listeners.size === 0);
});

test("a key that is revoked ends its stream", async () => {
  const other = await cloud.makeTenant();
  const id = await createRun(cloud, other, "revoked");
  const stream = await watch(id, { key: other.userKey });
  await eventually(() => stream.messages.length === 1);
  const { viewer } = await cloud.ask<{ viewer: { keyId: string } }>(other, "{ viewer { keyId } }");
  await cloud.ask(other, `mutation { revokeApiKey(id: "${viewer.keyId}") { __typename } }`);
  expect(await stream.ended).toBe("complete");
  expect(stream.messages.at(-1)?.errors?.[0]?.extensions.code).toBe("KEY_REVOKED");
  expect(listeners.size).toBe(0);
});

test("what cannot be watched is told: no run, another tenant's run, no id, no cursor", async () => {
  const id = await createRun(cloud, tenant, "hidden");
  const other = await cloud.makeTenant();
  const problems = [
    ["NOT_FOUND", await watch("01900000-0000-7000-8000-000000000000")],
    ["NOT_FOUND", await watch(id, { key: other.userKey })],
    ["NOT_FOUND", await watch("latest")],
    ["INVALID", await watch(id, { after: "the beginning" })],
  ] as const;
  for (const [code, stream] of problems) {
    expect(await stream.ended).toBe("complete");
    expect(stream.messages).toMatchObject([{ errors: [{ extensions: { code } }] }]);
  }
  expect(listeners.size).toBe(0);
});

test("without a key, or with an agent's, there is no stream", async () => {
  const id = await createRun(cloud, tenant, "keys");
  expect((await watch(id, { key: "weir_u_nothing" })).reply.status).toBe(401);
  expect((await watch(id, { key: tenant.agentKey })).reply.status).toBe(403);
});

test("a subscription that costs too much is refused before it begins", async () => {
  const fields =
    "flowRun { taskRuns(first: 200) { nodes { states { state } number task state } } logs(first: 200) { nodes { text } } }";
  const many = Array.from({ length: 15 }, (_, i) => `a${i}: ${fields}`).join(" ");
  const query = `subscription { flowRunUpdates(id: "01900000-0000-7000-8000-000000000000") { ${many} } }`;
  const reply = await cloud.post(tenant.userKey, query).catch((error: Error) => error.message);
  expect(JSON.stringify(reply)).toContain("could answer");
});

test("a server that closes ends its streams instead of waiting for them", async () => {
  const own = handWake();
  const closing = await startGraphqlFixture({ wake: own.wake });
  const theirs = await closing.makeTenant();
  const id = await createRun(closing, theirs, "closing");
  const before = address;
  address = await closing.app.listen({ host: "127.0.0.1", port: 0 });
  const stream = await watch(id, { key: theirs.userKey });
  address = before;
  await eventually(() => stream.messages.length === 1);
  await closing.stop();
  await Promise.race([stream.ended, sleep(5_000).then(() => Promise.reject(new Error("the stream is still open")))]);
  expect(own.listeners.size).toBe(0);
});
