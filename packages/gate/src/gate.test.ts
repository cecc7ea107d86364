import { createHmac } from "node:crypto";
import { cutText, type FlowEvent, type LogEvent, LIMITS, makeId, type Report, type RunEvent } from "@weir/protocol";
import { expect, test } from "vitest";
import { createGate, type Gate } from "./gate.ts";
import type { GateError } from "./gate-error.ts";
import { REDACTED } from "./redaction/redactor.ts";

const hmacKey = Buffer.alloc(32, 7);
const gateOf = (environment: Record<string, string> = {}): Gate =>
  createGate({ ledgerFile: null, hmacKey, environment });
const log = (text: string): LogEvent => ({ kind: "log", at: 1, level: "info", text });

async function passed(gate: Gate, ...events: RunEvent[]): Promise<RunEvent[]> {
  const { body } = await gate.pass("report", { attempt: 1, first: 1, events });
  return (JSON.parse(body) as Report).events as RunEvent[];
}

async function refused(action: () => Promise<unknown>): Promise<GateError> {
  try {
    await action();
  } catch (error) {
    return error as GateError;
  }
  return expect.unreachable("the gate let it pass");
}

test("events without secrets pass as they are", async () => {
  const events: RunEvent[] = [
    { kind: "flow", at: 1, state: "Running" },
    { kind: "task-run", at: 1, number: 1, task: "load", ordinal: 0, runName: "load 2024" },
    { kind: "task", at: 2, number: 1, state: "Success", location: "file:/data/1.json", resultBytes: 12 },
    log("hello"),
    { kind: "artifact", at: 3, name: "report", artifact: "markdown", data: "# Report" },
  ];
  expect(await passed(gateOf(), ...events)).toEqual(events);
});

test("secrets are struck out of log lines, failures and their causes, artifacts and run names, and nowhere else", async () => {
  const gate = gateOf({ DB_PASSWORD: "s3cret-one" });
  gate.addSecrets(["s3cret-two"]);
  const failure = {
    name: "Error",
    message: "s3cret-one",
    stack: "at s3cret-two",
    cause: { name: "Error", message: "deep s3cret-one" },
  };
  const events = await passed(
    gate,
    log("password s3cret-one"),
    { kind: "flow", at: 1, state: "Failed", message: "s3cret-two", failure },
    { kind: "artifact", at: 1, name: "a", artifact: "table", data: [{ "s3cret-one": 1, b: ["s3cret-two"] }] },
    { kind: "task-run", at: 1, number: 1, task: "t", ordinal: 0, runName: "for s3cret-one" },
    { kind: "task", at: 1, number: 1, state: "Success", location: "file:/s3cret-one" },
  );
  const text = JSON.stringify(events.slice(0, 4));
  expect(text).not.toContain("s3cret");
  expect(text.split(REDACTED)).toHaveLength(9);
  // A location must stay what it is, or the result cannot be found again.
  expect(events[4]).toMatchObject({ location: "file:/s3cret-one" });
});

test("what was given to the gate is not changed in place", async () => {
  const event = Object.freeze(log("token=abcdefgh"));
  expect((await passed(gateOf({ A_TOKEN: "abcdefgh" }), event))[0]).toMatchObject({ text: `token=${REDACTED}` });
  expect(event.text).toBe("token=abcdefgh");
});

test("long texts are cut visibly, and a secret across the cut leaves no half", async () => {
  const secret = "a-very-long-secret-".repeat(10);
  const text = "x".repeat(LIMITS.logLineBytes - 100) + secret + "y".repeat(500);
  const [line] = (await passed(gateOf({ MY_SECRET: secret }), log(text))) as LogEvent[];
  expect(Buffer.byteLength(line?.text ?? "")).toBeLessThanOrEqual(LIMITS.logLineBytes);
  expect(line?.text).toMatch(/\[cut by Weir: \d+ bytes more\]$/);
  expect(line?.text).not.toContain("a-very");
  const [flow] = (await passed(gateOf(), {
    kind: "flow",
    at: 1,
    state: "Failed",
    failure: { name: "E", message: "m".repeat(99_999), stack: "s".repeat(99_999) },
  })) as FlowEvent[];
  expect(flow?.failure?.message).toBe(cutText("m".repeat(99_999), LIMITS.messageBytes));
  expect(flow?.failure?.stack).toBe(cutText("s".repeat(99_999), LIMITS.stackBytes));
});

test("texts that Postgres could not store are made storable", async () => {
  expect(await passed(gateOf(), log("a\u0000b\ud800c"))).toEqual([log("a\uFFFDb\uFFFDc")]);
});

test("causes beyond the depth are dropped, JSON that is too deep or too large is withheld and does not hold up the rest", async () => {
  const chain = (depth: number): object =>
    depth === 0 ? {} : { name: "E", message: String(depth), cause: chain(depth - 1) };
  let deep: unknown = 1;
  for (let i = 0; i < 10_000; i += 1) deep = [deep];
  const events = await passed(
    gateOf(),
    { kind: "flow", at: 1, state: "Failed", failure: { name: "E", message: "m", cause: chain(9) as never } },
    { kind: "artifact", at: 1, name: "deep", artifact: "table", data: deep },
    { kind: "artifact", at: 1, name: "big", artifact: "markdown", data: "x".repeat(LIMITS.artifactBytes) },
    log("after"),
  );
  expect(JSON.stringify(events[0]).split('"cause"')).toHaveLength(LIMITS.causeDepth + 1);
  expect(events[1]).toMatchObject({
    data: expect.stringContaining("withheld by Weir: it is nested deeper") as unknown,
  });
  expect(events[2]).toMatchObject({ data: expect.stringContaining("bytes, and 262144 are allowed") as unknown });
  expect(events[3]).toEqual(log("after"));
});

test("digests leave as keyed HMAC only", async () => {
  const { body } = await gateOf().pass("cached", { attempt: 1, cacheKey: "day=2024-01-01" });
  const hmac = createHmac("sha256", hmacKey).update("day=2024-01-01").digest("base64url");
  expect(JSON.parse(body)).toEqual({ attempt: 1, cacheKey: hmac });
});

test("a report over the limit is an error that says so, and nothing is sent", async () => {
  const events = Array.from({ length: 70 }, () => log("x".repeat(LIMITS.logLineBytes)));
  const error = await refused(() => gateOf().pass("report", { attempt: 1, first: 1, events }));
  expect(error).toMatchObject({ name: "GateError", code: "TOO_LARGE" });
  expect(error.message).toMatch(/"report" has \d+ bytes, and 4194304 are allowed/);
});

test("a field that the schema does not know cannot leave, and the error names it without its value", async () => {
  const event = { ...log("x"), input: "private" } as RunEvent;
  const error = await refused(() => passed(gateOf(), log("fine"), event));
  expect(error).toMatchObject({ code: "INVALID" });
  expect(error.message).toContain("events[1]");
  expect(error.message).not.toContain("private");
});

test("parameters over 512 KiB, too deep, or with __proto__ are told before anything is sent", async () => {
  const create = (parameters: unknown) =>
    refused(() =>
      gateOf().pass("graphql", {
        operationName: "CreateFlowRun",
        query: "mutation CreateFlowRun",
        variables: { input: { project: "p", flow: "f", parameters } },
      }),
    );
  expect((await create({ text: "x".repeat(LIMITS.parametersBytes) })).message).toContain("524288 are allowed");
  expect((await create(JSON.parse('{"__proto__":{"a":1}}'))).message).toContain("__proto__");
  expect((await create(JSON.parse("[".repeat(5_000) + "]".repeat(5_000)))).message).toContain(
    "nested deeper than 64 levels",
  );
});

test("a GraphQL operation that is not listed, or carries values in its text, does not pass; extra fields are left behind", async () => {
  const gate = gateOf();
  const request = {
    operationName: "FlowRun" as const,
    query: "query FlowRun($id: ID!) { x }",
    variables: { id: makeId() },
  };
  expect(JSON.parse((await gate.pass("graphql", { ...request, note: "private" } as never)).body)).toEqual(request);
  const unknown = await refused(() => gate.pass("graphql", { ...request, operationName: "Steal" } as never));
  expect(unknown.message).toContain('"Steal" is not listed');
  const literal = await refused(() => gate.pass("graphql", { ...request, query: 'query { a(text: "private") }' }));
  expect(literal.message).toContain("text in quotes");
  expect(await refused(() => gate.pass("graphql", { ...request, variables: { id: "x" } }))).toMatchObject({
    code: "INVALID",
  });
});

test("a value can be keyed without being sent, to be compared with the digests of a report", async () => {
  const gate = gateOf();
  const digests = [{ name: "0", value: "plain" }];
  const event: RunEvent = { kind: "task", at: 1, number: 1, state: "Cached", cacheKey: "daily", digests };
  expect(await passed(gate, event)).toEqual([
    { ...event, cacheKey: gate.keyed("daily"), digests: [{ name: "0", value: gate.keyed("plain") }] },
  ]);
  const other = createGate({ ledgerFile: null, hmacKey: Buffer.alloc(32, 8) });
  expect(other.keyed("plain")).not.toBe(gate.keyed("plain"));
});

test("parameters of a run that a flow starts have the limits of every run's parameters", async () => {
  const start = (parameters: unknown) => () =>
    gateOf().pass("start", { attempt: 1, flow: "f", idempotencyKey: "k", parameters });
  await start({ day: 1 })();
  expect((await refused(start({ text: "x".repeat(LIMITS.parametersBytes) }))).message).toMatch(
    /and 524288 are allowed/,
  );
  expect((await refused(start(JSON.parse('{"__proto__":1}')))).message).toMatch(/"__proto__", which is not allowed/);
});

test("a key for digests that is too short is told", async () => {
  expect(() => createGate({ ledgerFile: null, hmacKey: new Uint8Array(16) })).toThrow(/16 bytes; give 32/);
});
