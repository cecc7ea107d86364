import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeId } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import { createGate, type Gate } from "../gate.ts";
import type { LedgerEntry } from "./entry.ts";
import { append, hmacKey, writtenLedger } from "./testing/written-ledger.ts";
import { verifyLedger } from "./verify.ts";

const environment = { X_TOKEN: "a-secret-value" };

async function report(gate: Gate, text: string, runId: string): Promise<string> {
  const scope = gate.openRun({ runId, attempt: 2, project: "p", flow: "f", requests: [] });
  const log = { kind: "log" as const, at: 1, level: "info" as const, text };
  const flow = { kind: "flow" as const, at: 1, state: "Running" as const };
  return (await gate.pass("report", { attempt: 2, first: 8, events: [log, flow, log] }, { scope })).body;
}

test("what passes is recorded: when, for which run, events by number and kind, what was done to which class, size and digest", async () => {
  const { file, lines } = writtenLedger();
  const runId = makeId();
  const gate = createGate({ ledgerFile: file, hmacKey, environment, now: () => 42 });
  const body = await report(gate, "a-secret-value", runId);
  await gate.pass("cached", { attempt: 1, cacheKey: "key" });
  await gate.close();
  const [first, second] = lines().map((line) => JSON.parse(line) as LedgerEntry);
  expect(first).toMatchObject({ number: 1, at: 42, run: runId, message: "report", bytes: Buffer.byteLength(body) });
  expect(first).toMatchObject({ attempt: 2, first: 8, last: 10, kinds: { log: 2, flow: 1 } });
  expect(first?.classes).toEqual({ metadata: "sent", log: "redacted" });
  expect(first?.sha256).toBe(createHash("sha256").update(body).digest("hex"));
  expect(second).toMatchObject({ number: 2, run: null, classes: { digest: "hmac" }, previous: first?.hash });
  expect(second).not.toHaveProperty("first");
  expect(lines().join("")).not.toContain("a-secret-value");
});

test("nobody else may read it: not the file, not its head, not the segments that are full", () => {
  const { directory, write } = writtenLedger();
  write(3, { segmentBytes: 300 });
  const names = readdirSync(directory);
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
});

test("the chain goes on after a restart", async () => {
  const { file, write } = writtenLedger();
  write(2);
  write(1);
  const report = await verifyLedger(file, { hmacKey });
  expect(report).toMatchObject({ entries: 3, segments: 1, problem: null, remarks: [] });
  expect(report.head?.number).toBe(3);
});

test("the chain goes through segments, and on through a restart between two", async () => {
  const ledger = writtenLedger();
  ledger.write(5, { segmentBytes: 300 });
  ledger.write(5, { segmentBytes: 300 });
  expect(ledger.archive()).toHaveLength(9);
  expect(await verifyLedger(ledger.file, { hmacKey })).toMatchObject({ entries: 10, segments: 10, problem: null });
});

test("a crash between two segments: the next agent goes on from the one that is full", async () => {
  const ledger = writtenLedger();
  ledger.write(3, { segmentBytes: 300 });
  const full = ledger.lines();
  ledger.put(full, join(ledger.directory, "ledger-0000000000000003.jsonl"));
  rmSync(ledger.file);
  ledger.write(1, { segmentBytes: 300 });
  expect(await verifyLedger(ledger.file, { hmacKey })).toMatchObject({ entries: 4, segments: 4, problem: null });
});

test("a line that was torn by a crash is taken away: its message was never sent", async () => {
  const { file, write, problem } = writtenLedger();
  write(1);
  appendFileSync(file, '{"number":2,"at":4');
  expect(await problem()).toBe(null);
  write(1);
  expect(await verifyLedger(file, { hmacKey })).toMatchObject({ entries: 2, problem: null, remarks: [] });
});

test("what a power cut left behind the last line is taken away, and that is told", async () => {
  const { file, write } = writtenLedger();
  write(1);
  appendFileSync(file, `${"\0".repeat(100)}\n\0\0`);
  write(1);
  const report = await verifyLedger(file, { hmacKey });
  expect(report).toMatchObject({ entries: 3, problem: null });
  expect(report.remarks.join()).toContain("Line 2 of ledger.jsonl: a crash had left 103 bytes");
});

test("a file that is no ledger is left as it is", () => {
  const { file, open } = writtenLedger();
  writeFileSync(file, "my notes\nabout something\n");
  expect(() => open()).toThrow(/holds no line of a ledger near its end. Move it away/);
  expect(statSync(file).size).toBe(25);
});

test("nothing passes that cannot be recorded", async () => {
  const directory = mkdtempSync(join(tmpdir(), "weir-ledger-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "below", "ledger.jsonl");
  const gate = createGate({ ledgerFile: file, hmacKey });
  await gate.close();
  await expect(report(gate, "x", makeId())).rejects.toThrow(
    /ledger .* cannot be written.*Nothing is sent that is not recorded/s,
  );
  expect(() => createGate({ ledgerFile: join(file, "is-a-file.jsonl"), hmacKey })).toThrow(/cannot be written/);
});

test("a segment that cannot be begun lets nothing pass, and is begun when it can be", async () => {
  const ledger = writtenLedger();
  const open = ledger.open({ segmentBytes: 300 });
  append(open, "one");
  // In the place of the archive stands a directory with something in it.
  const inTheWay = join(ledger.directory, "ledger-0000000000000001.jsonl", "x");
  mkdirSync(inTheWay, { recursive: true });
  expect(() => append(open, "two")).toThrow(/cannot be written/);
  rmSync(join(ledger.directory, "ledger-0000000000000001.jsonl"), { recursive: true });
  append(open, "two");
  open.close();
  expect(await verifyLedger(ledger.file, { hmacKey })).toMatchObject({ entries: 2, segments: 2, problem: null });
});

test("the head is told within moments, without a close", async () => {
  const ledger = writtenLedger();
  const open = ledger.open();
  append(open, "one");
  await expect
    .poll(() => JSON.parse(ledger.head()) as { number: number }, { timeout: 10_000 })
    .toMatchObject({ number: 1 });
  open.close();
});

test("it stays bounded: the oldest segments go, the rest is still proved", async () => {
  const ledger = writtenLedger();
  ledger.write(200, { segmentBytes: 1_000, keepBytes: 10_000 });
  const kept = [ledger.file, ...ledger.archive()].reduce((sum, path) => sum + statSync(path).size, 0);
  expect(kept).toBeLessThan(12_000);
  const report = await verifyLedger(ledger.file, { hmacKey });
  expect(report.problem).toBe(null);
  expect(report.remarks.join()).toMatch(/^Entries 1 to \d+ were removed by the agent itself/);
  expect(report.head?.number).toBeGreaterThan(200);
});

test("segments that are too old go", async () => {
  const ledger = writtenLedger();
  ledger.write(3, { segmentBytes: 300 });
  ledger.write(1, { segmentBytes: 300, now: () => Date.now() + 500 * 86_400_000 });
  expect(ledger.archive()).toHaveLength(0);
  expect(await ledger.problem()).toBe(null);
});
