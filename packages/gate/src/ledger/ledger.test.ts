import { createHash } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeId } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import { createGate, type Gate } from "../gate.ts";
import { type LedgerEntry, verifyLedger } from "./ledger.ts";

const hmacKey = Buffer.alloc(32, 7);

async function ledgerFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "weir-ledger-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, "below", "ledger.jsonl");
}

function report(gate: Gate, text: string, runId?: string): string {
  const events = [{ kind: "log" as const, at: 1, level: "info" as const, text }];
  return gate.pass("report", { attempt: 1, first: 1, events }, runId === undefined ? {} : { runId }).body;
}

async function written(file: string, ...texts: string[]): Promise<string[]> {
  const gate = createGate({ ledgerFile: file, hmacKey, environment: { X_TOKEN: "a-secret-value" }, now: () => 42 });
  for (const text of texts) report(gate, text);
  await gate.close();
  return (await readFile(file, "utf8")).trimEnd().split("\n");
}

test("what passes is recorded: when, for which run, which classes and what was done to them, size and digest", async () => {
  const file = await ledgerFile();
  const runId = makeId();
  const gate = createGate({ ledgerFile: file, hmacKey, environment: { X_TOKEN: "a-secret-value" }, now: () => 42 });
  const body = report(gate, "a-secret-value", runId);
  gate.pass("cached", { attempt: 1, cacheKey: "key" });
  await gate.close();
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  const [first, second] = lines.map((line) => JSON.parse(line) as LedgerEntry);
  expect(first).toMatchObject({ number: 1, at: 42, run: runId, message: "report", bytes: Buffer.byteLength(body) });
  expect(first?.classes).toEqual({ metadata: "sent", log: "redacted" });
  expect(first?.sha256).toBe(createHash("sha256").update(body).digest("hex"));
  expect(second).toMatchObject({ number: 2, run: null, classes: { digest: "hmac" }, previous: first?.hash });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(lines.join("")).not.toContain("a-secret-value");
});

test("the chain goes on after a restart", async () => {
  const file = await ledgerFile();
  await written(file, "one", "two");
  await written(file, "three");
  expect(await verifyLedger(file)).toEqual({ entries: 3, problem: null });
});

test("a changed, a missing and a swapped line show", async () => {
  const file = await ledgerFile();
  const [one = "", two = "", three = ""] = await written(file, "one", "two", "three");
  const problemWith = async (...lines: string[]) => {
    await writeFile(file, `${lines.join("\n")}\n`);
    return (await verifyLedger(file)).problem;
  };
  expect(await problemWith(one, two.replace('"at":42', '"at":43'), three)).toBe("line 2 was changed");
  expect(await problemWith(one, three)).toContain("line 2 carries the number 3");
  expect(await problemWith(two)).toContain("line 1 carries the number 2");
  expect(await problemWith(one, two.replace('"number":2', '"number":2,'), three)).toBe("line 2 is no JSON");
  expect(await problemWith(one, two, three)).toBe(null);
});

test("a line that was torn by a crash is taken away: its message was never sent", async () => {
  const file = await ledgerFile();
  await written(file, "one");
  await appendFile(file, '{"number":2,"at":4');
  await written(file, "two");
  expect(await verifyLedger(file)).toEqual({ entries: 2, problem: null });
});

test("nothing passes that cannot be recorded", async () => {
  const file = await ledgerFile();
  const gate = createGate({ ledgerFile: file, hmacKey });
  await gate.close();
  expect(() => report(gate, "x")).toThrow(/ledger .* cannot be written.*Nothing is sent that is not recorded/s);
  const elsewhere = join(file, "is-a-file.jsonl");
  expect(() => createGate({ ledgerFile: elsewhere, hmacKey })).toThrow(/cannot be written/);
});
