import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { append, hmacKey, type WrittenLedger, writtenLedger } from "./testing/written-ledger.ts";
import { verifyLedger } from "./verify.ts";

function threeLines(): WrittenLedger & { one: string; two: string; three: string } {
  const ledger = writtenLedger();
  ledger.write(3);
  const [one = "", two = "", three = ""] = ledger.lines();
  return { ...ledger, one, two, three };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Writes a line as one would who knows how: with a hash that fits. */
function rehashed(line: string, change: (entry: Record<string, unknown>) => void): string {
  const { hash: _, ...open } = JSON.parse(line) as Record<string, unknown>;
  change(open);
  return JSON.stringify({ ...open, hash: sha256(JSON.stringify(open)) });
}

test("every single byte counts, blanks too", async () => {
  const { one, two, three, put, problem } = threeLines();
  for (let at = 0; at < two.length; at += 1) {
    const other = two[at] === "1" ? "2" : "1";
    put([one, two.slice(0, at) + other + two.slice(at + 1), three]);
    expect([at, await problem()]).toEqual([at, expect.stringContaining("Line 2 of ledger.jsonl")]);
  }
  put([one, two.replace(",", ", "), three]);
  expect(await problem()).toBe("Line 2 of ledger.jsonl was changed.");
  put([one, two, three]);
  expect(await problem()).toBe(null);
});

test("a line that is gone, there twice, moved, or put in", async () => {
  const { one, two, three, put, problem } = threeLines();
  put([one, three]);
  expect(await problem()).toContain("Line 2 of ledger.jsonl is entry 3, where entry 2 should be");
  put([one, two, two, three]);
  expect(await problem()).toContain("Line 3 of ledger.jsonl is entry 2, where entry 3 should be");
  put([one, three, two]);
  expect(await problem()).toContain("Line 2 of ledger.jsonl is entry 3");
  put([two, three]);
  expect(await problem()).toContain(
    "ledger.jsonl begins with entry 2, and no entry says that the 1 before it were removed",
  );
  put([one, rehashed(two, (entry) => (entry.previous = "1".repeat(64))), three]);
  expect(await problem()).toBe("Line 2 of ledger.jsonl does not follow the line before it.");
  put([one, "", two, three]);
  expect(await problem()).toBe("Line 2 of ledger.jsonl is not a line of a ledger.");
});

test("a chain that was written anew does not fit the head", async () => {
  const { one, two, three, put, problem } = threeLines();
  const newTwo = rehashed(two, (entry) => (entry.bytes = 1));
  const hash = (JSON.parse(newTwo) as { hash: string }).hash;
  put([one, newTwo, rehashed(three, (entry) => (entry.previous = hash))]);
  expect(await problem({})).toBe(null);
  expect(await problem()).toBe("Entry 3 is not the one that the head ledger.head names: the ledger was written anew.");
});

test("an end that was cut off does not fit the head, nor does an empty ledger", async () => {
  const { one, two, put, problem } = threeLines();
  put([one, two]);
  expect(await problem()).toContain(
    "The ledger ends with entry 2, in ledger.jsonl, but the head ledger.head says that entry 3",
  );
  expect(await problem({})).toBe(null);
  put([]);
  expect(await problem()).toContain("ends with entry 0, but the head");
});

test("a head that somebody else wrote, damaged or took away", async () => {
  const { one, put, head, putHead, problem, file } = threeLines();
  const { hash } = JSON.parse(one) as { hash: string };
  put([one]);
  putHead(JSON.stringify({ ...(JSON.parse(head()) as object), number: 1, hash }));
  expect(await problem()).toContain("The head ledger.head was not written with this agent's key");
  putHead("{}");
  expect(await problem()).toContain("The head ledger.head is damaged");
  rmSync(file.replace("jsonl", "head"));
  expect(await problem()).toContain("The head ledger.head is gone");
});

test("a head that was noted elsewhere shows a ledger that was put back whole, with its head", async () => {
  const ledger = writtenLedger();
  ledger.write(2);
  const backup = join(ledger.directory, "backup");
  mkdirSync(backup);
  for (const name of readdirSync(ledger.directory).filter((name) => name !== "backup"))
    copyFileSync(join(ledger.directory, name), join(backup, name));
  ledger.write(2);
  const noted = (await verifyLedger(ledger.file, { hmacKey })).head ?? { number: 0, hash: "" };
  expect(noted.number).toBe(4);
  expect(await ledger.problem({ hmacKey, expect: noted })).toBe(null);
  for (const name of readdirSync(backup)) copyFileSync(join(backup, name), join(ledger.directory, name));
  expect(await ledger.problem()).toBe(null);
  expect(await ledger.problem({ hmacKey, expect: noted })).toContain("what was noted elsewhere says that entry 4");
  const other = { number: 2, hash: "0".repeat(64) };
  expect(await ledger.problem({ hmacKey, expect: other })).toContain(
    "Entry 2 is not the one that what was noted elsewhere",
  );
});

test("the agent that starts on a ledger that was cut off says so in the chain, and that stays", async () => {
  const { one, two, put, write, problem } = threeLines();
  put([one, two]);
  write(5);
  write(5);
  expect(await problem()).toContain(
    "Line 3 of ledger.jsonl says that when the agent was started there, the ledger was not as it had been left: it ended with entry 2, but entry 3 had been written",
  );
});

test("the agent that starts without the head, with a forged one, or on another last line says so", async () => {
  const noHead = threeLines();
  rmSync(noHead.file.replace("jsonl", "head"));
  noHead.write(1);
  expect(await noHead.problem()).toContain("Line 4 of ledger.jsonl says that when the agent was started there");
  const forged = threeLines();
  forged.putHead(forged.head().replace('"number":3', '"number":1'));
  forged.write(1);
  expect(await forged.problem()).toContain("its head's file was not written with this agent's key");
  const changed = threeLines();
  changed.put([changed.one, changed.two, rehashed(changed.three, (entry) => (entry.bytes = 7))]);
  changed.write(1);
  expect(await changed.problem()).toContain("entry 3 was another one than had been written");
});

test("lines that are newer than the head are compared too, when the agent starts", async () => {
  const { head, putHead, write, problem, lines, put } = threeLines();
  const before = head();
  write(3);
  putHead(before);
  const [one = "", two = "", three = "", ...rest] = lines();
  write(1);
  expect(await problem()).toBe(null);
  const other = rehashed(three, (entry) => (entry.bytes = 7));
  putHead(before);
  put([one, two, other, ...rest]);
  write(1);
  expect(await problem()).toContain("Line 4 of ledger.jsonl does not follow");
});

test("a whole segment that is gone, in the middle, at the beginning, at the end", async () => {
  const ledger = writtenLedger();
  const all = () => ledger.archive().map((path) => [path, readFileSync(path, "utf8")] as const);
  ledger.write(6, { segmentBytes: 600 });
  const whole = [...all(), [ledger.file, readFileSync(ledger.file, "utf8")] as const];
  expect(whole.length).toBeGreaterThan(2);
  const without = async (index: number) => {
    for (const [path, text] of whole) writeFileSync(path, text);
    rmSync(whole.at(index)?.[0] ?? "");
    return ledger.problem();
  };
  expect(await without(1)).toMatch(
    /ledger-?\d*.jsonl begins with entry 5, but ledger-0{15}1.jsonl ends with entry 2: a segment/,
  );
  expect(await without(0)).toContain("ledger-0000000000000003.jsonl begins with entry 3, and no entry says");
  expect(await without(-1)).toContain("There is no ledger");
});

test("a removal that the agent did not note is found, and one that it noted is none", async () => {
  const ledger = writtenLedger();
  ledger.write(60, { segmentBytes: 1_000, keepBytes: 10_000 });
  expect(await ledger.problem()).toBe(null);
  rmSync(ledger.archive()[0] ?? "");
  expect(await ledger.problem()).toMatch(/begins with entry \d+, and no entry says that the \d+ before it/);
});

test("a ledger of before there were heads goes on, and what cannot be shown of it is said", async () => {
  const ledger = writtenLedger();
  const lines: string[] = [];
  let previous = "0".repeat(64);
  for (const number of [1, 2]) {
    const open = {
      number,
      at: 1,
      run: null,
      message: "claim",
      classes: { metadata: "sent" },
      bytes: 2,
      sha256: sha256("{}"),
      previous,
    };
    previous = sha256(JSON.stringify(open));
    lines.push(JSON.stringify({ ...open, hash: previous }));
  }
  ledger.put(lines);
  expect(await verifyLedger(ledger.file, { hmacKey })).toMatchObject({
    entries: 2,
    problem: null,
    remarks: [expect.stringContaining("There is no head yet")],
  });
  ledger.write(2);
  const after = await verifyLedger(ledger.file, { hmacKey });
  expect(after).toMatchObject({ entries: 5, problem: null, remarks: [expect.stringContaining("Up to entry 3")] });
  rmSync(ledger.file.replace("jsonl", "head"));
  expect(await ledger.problem()).toContain("The head ledger.head is gone");
  ledger.write(1);
  expect(await ledger.problem()).toContain("Line 6 of ledger.jsonl says that the head was gone");
});

test("a ledger that is being written can be verified, with segments that begin meanwhile", async () => {
  const ledger = writtenLedger();
  const open = ledger.open({ segmentBytes: 2_000 });
  const checks = Array.from({ length: 10 }, async () => {
    const problem = ledger.problem();
    for (let i = 0; i < 20; i += 1) {
      append(open, `message ${i}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return problem;
  });
  expect(new Set(await Promise.all(checks))).toEqual(new Set([null]));
  open.close();
  expect(ledger.archive().length).toBeGreaterThan(20);
});
