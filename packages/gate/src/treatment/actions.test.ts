import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FlowEvent, LogEvent, Report, RunEvent, TaskEvent } from "@weir/protocol";
import { compactDecrypt, generalDecrypt, importJWK } from "jose";
import { expect, test } from "vitest";
import { makeSide, policyOf, type Side } from "../testing/gates.ts";
import { readErrors } from "../withheld/error-log.ts";

const line = (text: string): LogEvent => ({ kind: "log", at: 1, level: "info", text });
const failure = {
  name: "AggregateError",
  message: "whole canary",
  stack: "at canary",
  code: "PROCESS_EXITED" as const,
  cause: { name: "Error", message: "cause canary", stack: "at canary" },
  errors: [{ name: "TypeError", message: "inner canary", errors: [{ name: "Error", message: "deep canary" }] }],
};
const failed: FlowEvent = { kind: "flow", at: 5, state: "Failed", message: "Failed: canary", failure };
const done = (location: string): TaskEvent => ({ kind: "task", at: 1, number: 1, state: "Success", location });
const declared: RunEvent = { kind: "task-run", at: 1, number: 1, task: "load", ordinal: 0, runName: "for canary" };
const table: RunEvent = { kind: "artifact", at: 1, name: "rows", artifact: "table", data: [{ canary: "canary" }] };

async function opened(side: Side, text: string | undefined, report: Report): Promise<string> {
  side.keyring.learn(report.sealKeys ?? []);
  return await side.keyring.openText(String(text));
}

test("a log line is sealed with a key that came with its report, and any JOSE library opens it", async () => {
  const side = await makeSide(policyOf({ log: "seal" }));
  const report = await side.report(line("canary ÿ"), line("canary 2"));
  expect(JSON.stringify(report)).not.toContain("canary");
  const [first, second] = report.events as LogEvent[];
  expect(await opened(side, first?.text, report)).toBe("canary ÿ");
  const inside = await importJWK(side.inside, "ECDH-ES+A256KW");
  const { plaintext: key } = await generalDecrypt(JSON.parse(String(report.sealKeys?.[0]?.key)), inside);
  const { plaintext, protectedHeader } = await compactDecrypt(String(second?.text).slice("sealed:".length), key);
  expect(new TextDecoder().decode(plaintext)).toBe("canary 2");
  expect(protectedHeader).toEqual({ alg: "dir", enc: "A256GCM", kid: report.sealKeys?.[0]?.id, typ: "log" });
  expect(first?.text.split(".")[2]).not.toBe(second?.text.split(".")[2]);
});

test("one attempt has one key, told with each report that holds something sealed and with no other", async () => {
  const side = await makeSide(policyOf({ log: "seal" }));
  const [a, b] = [await side.report(line("a")), await side.report(line("b"))];
  expect(a.sealKeys).toEqual(b.sealKeys);
  expect(await side.report({ kind: "flow", at: 1, state: "Running" })).not.toHaveProperty("sealKeys");
});

test("a failure is sealed as a whole, with causes and inner errors; only its code stays", async () => {
  const side = await makeSide(policyOf({ exception: "seal" }));
  const report = await side.report(failed);
  expect(JSON.stringify(report)).not.toContain("canary");
  const [event] = report.events as FlowEvent[];
  expect(event?.failure).toMatchObject({ name: "Sealed", code: "PROCESS_EXITED" });
  expect(await opened(side, event?.message, report)).toBe("Failed: canary");
  expect(event?.failure && (await side.keyring.openFailure(event.failure))).toEqual(failure);
});

test("with id-only the text stands in the agent's log before the report leaves, and the same error has the same id", async () => {
  const side = await makeSide(policyOf({ exception: "id-only" }));
  const text = await side.reportText(failed);
  expect(text).not.toContain("canary");
  expect(await side.reportText(failed)).toBe(text);
  const [event] = (JSON.parse(text) as { events: FlowEvent[] }).events;
  const [id] = /err_[0-9a-f]{16}/.exec(String(event?.message)) ?? [];
  expect(event?.failure).toMatchObject({ name: "Withheld", code: "PROCESS_EXITED" });
  expect(event?.failure?.message).toContain(`weir errors show ${id}`);
  const { message } = failed;
  expect(await readErrors(side.errorsDirectory)).toEqual([
    { id, at: 5, run: side.scope.facts.runId, state: "Failed", message, failure },
  ]);
  expect((await stat(join(side.errorsDirectory, "errors.jsonl"))).mode & 0o777).toBe(0o600);
  const other = await side.reportText({ ...failed, message: "another" });
  expect(other).not.toContain(id);
});

test("where no log of errors is kept, id-only drops", async () => {
  const side = await makeSide(policyOf({ exception: "id-only" }), { errorsDirectory: undefined });
  const [event] = (await side.report(failed)).events as FlowEvent[];
  expect(event).toEqual({
    kind: "flow",
    at: 5,
    state: "Failed",
    failure: { name: "Withheld", message: "Withheld by the boundary policy.", code: "PROCESS_EXITED" },
  });
});

test("a location leaves as a pseudonym that the dictionary resolves; one that is a pseudonym already stays", async () => {
  const side = await makeSide(policyOf({ location: "pseudonym" }));
  const own = `pseudonym:${"x".repeat(43)}`;
  const report = await side.report(done("file:/canary/1"), done(own), done("pseudonym:canary"));
  const [name, same, likeOne] = report.events.map((event) => (event as TaskEvent).location);
  expect(name).toMatch(/^pseudonym:[A-Za-z0-9_-]{43}$/);
  expect(same).toBe(own);
  expect(likeOne).not.toContain("canary");
  expect(JSON.stringify(report)).not.toContain("canary");
  const other = await makeSide(policyOf({}), { dictionaryDirectory: side.dictionaryDirectory });
  const { states } = await other.scope.openCached({ states: [{ location: String(name), at: 1, digests: [] }] });
  expect(states).toMatchObject([{ location: "file:/canary/1" }]);
});

test("a location that is too long to be sealed goes as a pseudonym, not cut", async () => {
  const side = await makeSide(policyOf({ location: "seal" }));
  const report = await side.report(done(`file:/${"é".repeat(1_900)}`), done("file:/short"));
  const [long, short] = report.events.map((event) => (event as TaskEvent).location);
  expect(long).toMatch(/^pseudonym:/);
  expect(await opened(side, short, report)).toBe("file:/short");
});

test.each([
  ["run-name", "drop", declared, { runName: undefined }],
  ["run-name", "pseudonym", declared, { runName: expect.stringMatching(/^pseudonym:/) as unknown }],
  ["run-name", "seal", declared, { runName: expect.stringMatching(/^sealed:ey/) as unknown }],
  ["artifact", "seal", table, { data: { $sealed: expect.stringMatching(/^sealed:ey/) as unknown } }],
  ["artifact", "drop", table, { data: "Withheld by the boundary policy." }],
  ["log", "drop", line("canary"), { text: "" }],
  ["exception", "drop", { ...failed, failure: undefined } as unknown as RunEvent, { message: undefined }],
] as const)("%s: %s", async (dataClass, action, event, expected) => {
  const side = await makeSide(policyOf({ [dataClass]: action }));
  const report = await side.report(event);
  expect(JSON.stringify(report)).not.toContain("canary");
  expect(report.events).toEqual([expect.objectContaining({ kind: event.kind })]);
  for (const [name, value] of Object.entries(expected))
    expect((report.events[0] as unknown as Record<string, unknown>)[name]).toEqual(value);
});

test("what should be sealed and cannot is dropped, a location becomes a pseudonym", async () => {
  const classes = { log: "seal", exception: "seal", artifact: "seal", "run-name": "seal", location: "seal" } as const;
  const side = await makeSide(policyOf(classes), { insideKeys: [] });
  const text = await side.reportText(line("canary"), failed, table, declared, done("file:/canary"));
  expect(text).not.toContain("canary");
  expect(text).not.toContain("sealed:");
  expect(text).toContain("pseudonym:");
  expect(await readFile(join(side.dictionaryDirectory, (await readFiles(side))[0] ?? ""), "utf8")).toContain(
    "file:/canary",
  );
});

async function readFiles(side: Side): Promise<string[]> {
  const { readdir } = await import("node:fs/promises");
  return await readdir(side.dictionaryDirectory);
}

test("long texts are cut so that their sealed form fits the schema", async () => {
  const side = await makeSide(policyOf({ log: "seal", exception: "seal" }));
  const message = "m".repeat(16_384);
  const inner = { name: "E", message, stack: "s".repeat(32_768) };
  const wide = { ...inner, errors: Array.from({ length: 40 }, () => inner) };
  const report = await side.report(line("l".repeat(65_536)), { ...failed, message, failure: wide });
  const [log, flow] = report.events as [LogEvent, FlowEvent];
  expect(log.text.length).toBeLessThanOrEqual(65_536);
  expect(await opened(side, log.text, report)).toMatch(/^l{40000,} … \[cut by Weir/);
  expect(flow.message?.length).toBeLessThanOrEqual(16_384);
  const whole = await side.keyring.openFailure(flow.failure ?? inner);
  expect(whole.errors).toHaveLength(40);
});
