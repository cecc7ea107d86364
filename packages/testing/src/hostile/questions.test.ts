import { gzipSync } from "node:zlib";
import { makeId, type RunDoorMessage } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { type Answer, json, raw } from "./hostile-cloud.ts";
import { type HostileStage, setHostileStage } from "./stage.ts";
import { unharmed } from "./unharmed.ts";

// A cloud that answers what a flow asks of it with other things than answers.

let stage: HostileStage;
beforeAll(async () => {
  stage = await setHostileStage();
  await stage.goodRun();
});
afterAll(() => stage.end());

const MIB = 1024 * 1024;
const JSON_TYPE = { "content-type": "application/json" };
const GZIPPED = gzipSync(Buffer.alloc(64 * MIB));

const endless: Answer = (response) => {
  response.writeHead(200, JSON_TYPE);
  const more = (): void => {
    while (!response.destroyed && response.write("[".repeat(65_536)));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
};

/** No answer to anything. */
const NONE: readonly Answer[] = [
  json(null),
  json([]),
  json({ code: "OVERLOADED", message: "later", retryAfterSeconds: 1e12 }, 503),
  json({ code: "EXEC", message: "touch x" }, 418),
  raw("<html>", { "content-type": "text/html" }),
  raw("[".repeat(MIB), JSON_TYPE),
  raw(GZIPPED, { ...JSON_TYPE, "content-encoding": "gzip" }),
  raw("", { location: "http://127.0.0.1:1/v1/claims" }, 307),
  raw("", { location: "file:///etc/passwd" }, 302),
  endless,
];

/** Lets the flow that asks run while this answer is given once; answers what it was told, and how the run ended. */
async function asking(message: RunDoorMessage, answer: Answer) {
  const mark = `q-${makeId()}`;
  const flow = message.startsWith("kv") ? "keeps" : "asks";
  const storage = stage.storage(stage.allowed, `${flow}.flow.ts`);
  const run = stage.run({ flow, storage, parameters: { mark } });
  stage.cloud.once(message, answer);
  stage.cloud.offer(run);
  await eventually(() => stage.cloud.endOf(run.runId) !== undefined, { timeoutMs: 50_000 });
  if (stage.cloud.waitsWith(message)) throw new Error(JSON.stringify(stage.cloud.events(run.runId)));
  return { told: stage.told(mark), end: stage.cloud.endOf(run.runId) };
}

test.for(["slots", "cached", "start", "outcome", "kvGet", "kvSet", "kvDelete"] as const)(
  "no answer to %s: the run comes to an end",
  async (message) => {
    for (const answer of NONE) {
      const { end } = await asking(message, answer);
      expect(["Success", "Failed"]).toContain(end);
    }
    await unharmed(stage);
  },
);

test("no answer to release: the lease is given back until there is one, and the agent has room for others", async () => {
  for (const answer of NONE) {
    const run = stage.run({ flow: "later", storage: stage.storage(stage.allowed, "later.flow.ts") });
    stage.cloud.once("release", answer);
    stage.cloud.offer(run);
    const released = () =>
      stage.cloud.received.filter(({ message, runId }) => message === "release" && runId === run.runId);
    await eventually(() => expect(released()).toHaveLength(2), { timeoutMs: 50_000 });
    for (const { body } of released()) expect(JSON.parse(body)).toMatchObject({ attempt: 1, reason: "retry-later" });
  }
  await unharmed(stage);
});

const state = (location: unknown, more: object = {}) => ({ location, at: 1, digests: [], ...more });

test("cached results that lie elsewhere are not taken: what the flow gets is its own", async () => {
  const places = [
    "../../../../etc/passwd",
    "/etc/passwd",
    "file:///etc/passwd",
    new URL("elsewhere.json", `file://${stage.allowed}/../`).href,
    `file://${stage.allowed}/../elsewhere.json#50`,
    "s3://another-tenant/key",
    "http://127.0.0.1:1/x",
    `pseudonym:${"A".repeat(43)}`,
    "sealed:eyJ.a.b.c.d",
    "",
    "\0",
  ];
  for (const place of places)
    expect([place, await asking("cached", json({ states: [state(place)] }))]).toEqual([
      place,
      { end: "Success", told: { value: "fresh", state: "Success" } },
    ]);
  const many = Array.from({ length: 20_000 }, () => state("file:///etc/passwd"));
  for (const states of [
    many,
    [state(1)],
    [state("x", { at: -1 })],
    [state("x", { digests: "all" })],
    { length: 1e9 },
  ]) {
    const { told = {} } = await asking("cached", json({ states }));
    expect([undefined, "fresh"]).toContain((told as { value?: string }).value);
  }
  await unharmed(stage);
});

test("slots of others, a thousand million of them, fewer than none, and waits beyond all measure", async () => {
  const granted = [[1e9], [-1], [0.5], "all", null, [999], Array.from({ length: 100_000 }, (_, at) => at + 1)];
  for (const one of granted) await asking("slots", json({ granted: one, waitSeconds: 0 }));
  for (const waitSeconds of [-1, "NaN", null]) await asking("slots", json({ granted: [1, 2, 3], waitSeconds }));
  expect(await asking("slots", json({ granted: [1, 2, 3], waitSeconds: 1e308 }))).toMatchObject({ end: "Success" });
  await unharmed(stage);
});

test("a started run whose id is none, and outcomes of other runs, unknown states and failures without end", async () => {
  for (const runId of ["../../v1/agents", "1", -1, null, makeId().toUpperCase()])
    expect(await asking("start", json({ runId, created: true }))).toMatchObject({ end: "Failed" });
  const of =
    (more: object): Answer =>
    (response, received) =>
      json({ runId: (JSON.parse(received.body) as { runId: string }).runId, ...more })(response, received);
  for (const answer of [of({ runId: makeId(), state: "Success" }), of({ state: "Executed" }), of({ state: 1 })])
    expect(await asking("outcome", answer)).toMatchObject({ told: { value: "fresh" }, end: "Failed" });
  const deep = `${'{"cause":'.repeat(5_000)}1${"}".repeat(5_000)}`;
  const failed = (response: Parameters<Answer>[0], received: Parameters<Answer>[1]): void => {
    const { runId } = JSON.parse(received.body) as { runId: string };
    const text = `{"runId":"${runId}","state":"Failed","failure":{"name":"E","message":"m","cause":${deep}}}`;
    raw(text, JSON_TYPE)(response, received);
  };
  expect(await asking("outcome", failed)).toEqual({ end: "Success", told: { value: "fresh", state: "Failed" } });
  await unharmed(stage);
});

test("entries of the key-value store that are none, that nobody here can open, and versions that no entry has", async () => {
  const told = (entry: unknown) => ({ end: "Success", told: { entry, version: 1, deleted: false } });
  expect(await asking("kvGet", json({ version: 3, value: "theirs" }))).toEqual(told({ version: 3, value: "theirs" }));
  // What is not there has no value, and what has no value is not there.
  for (const reply of [{ version: 0, value: "x" }, { version: 3 }])
    expect(await asking("kvGet", json(reply))).toEqual({ end: "Success", told: { version: 1, deleted: false } });
  const deep = `${"[".repeat(20_000)}1${"]".repeat(20_000)}`;
  const none: Answer[] = [
    raw(`{"version":1,"value":${deep}}`, JSON_TYPE),
    raw('{"version":1,"value":{"__proto__":{"polluted":true}}}', JSON_TYPE),
    json({ version: 1, value: { $sealed: { ciphertext: "x", recipients: [{}] } } }),
    json({ version: 1, value: { $sealed: null } }),
    json({ version: -1 }),
    json({ version: "1", value: 1 }),
    json({ version: 1e12, value: 1 }),
    json({ version: 1, value: "x".repeat(MIB) }),
  ];
  for (const answer of none) expect(await asking("kvGet", answer)).toEqual({ end: "Failed", told: "begun" });
  for (const version of [-1, "1", null, 2 ** 40])
    expect(await asking("kvSet", json({ version }))).toEqual({ end: "Failed", told: "begun" });
  for (const deleted of [1, "yes", null])
    expect(await asking("kvDelete", json({ deleted }))).toEqual({ end: "Failed", told: "begun" });
  await unharmed(stage);
});
