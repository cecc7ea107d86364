import { mkdirSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeId, type RunEvent } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import { Journal, JournalLockedError } from "./journal.ts";
import { JournalRoom, roomFor } from "./journal-room.ts";
import { Outbox } from "./outbox.ts";
import { JournalFailedError, Recorder } from "./recorder.ts";
import { someFacts, someScope } from "./testing/facts.ts";
import { rememberingLog } from "./testing/host-defaults.ts";

const MOST = { reportEvents: 10_000, reportBytes: 100_000_000 };
const log = (text: string): RunEvent => ({ kind: "log", at: 1, level: "info", text });
const state = (number: number): RunEvent => ({ kind: "task", at: 1, number, state: "Running" });
const success: RunEvent = { kind: "flow", at: 1, state: "Success" };

async function journalFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "weir-journal-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, "agent", "journal.db");
}

function recording(journal: Journal, boundBytes = 1_000_000, memoryBytes = 1_000_000) {
  const runId = makeId();
  const key = journal.begin({ runId, attempt: 1, token: "t", at: Date.now(), facts: someFacts(runId) });
  const room = new JournalRoom(boundBytes);
  const outbox = new Outbox({ key, journal, room, memoryBytes, log: rememberingLog([]) });
  const recorder = new Recorder({ journal, outbox, room, scope: someScope(), now: () => 7 });
  return { key, room, outbox, recorder, eventsOf: () => outbox.next(MOST)?.events ?? [] };
}

test("a journal of before runs carried what the gate must know is taken over", async () => {
  const file = await journalFile();
  mkdirSync(dirname(file), { recursive: true });
  const old = new DatabaseSync(file);
  old.exec(`create table runs (key integer primary key, run_id text not null, attempt integer not null, token text not null,
    acknowledged integer not null default 0, over integer not null default 0, refused text, at integer not null, unique (run_id, attempt)) strict;
    insert into runs (run_id, attempt, token, at) values ('old', 3, 't', 1)`);
  old.close();
  const journal = Journal.open(file);
  expect(journal.found()).toMatchObject([{ runId: "old", facts: { runId: "old", attempt: 3, requests: [] } }]);
  const { key } = recording(journal);
  journal.setFacts(key, { ...someFacts("new"), requests: [{ log: "drop" }] });
  expect(journal.found()[1]).toMatchObject({ facts: { runId: "new", requests: [{ log: "drop" }] } });
  journal.close();
});

test("what was appended is found by the next process, with its token and where the cloud was", async () => {
  const file = await journalFile();
  const journal = Journal.open(file);
  const { key, recorder, outbox } = recording(journal);
  recorder.append([state(1), state(2)]);
  recorder.append([state(3)]);
  outbox.acknowledge(2);
  journal.setToken(key, "fresh");
  journal.close();
  const again = Journal.open(file);
  expect(again.found()).toMatchObject([{ key, attempt: 1, token: "fresh", acknowledged: 2, over: false }]);
  expect(again.rows(key).map(({ first, last }) => [first, last])).toEqual([
    [1, 2],
    [3, 3],
  ]);
  expect(JSON.parse(again.read(key, 3))).toEqual([state(3)]);
  again.close();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("acknowledged rows are pruned, one acknowledgement later", async () => {
  const journal = Journal.open(await journalFile());
  const { key, recorder, outbox, room } = recording(journal);
  for (let i = 1; i <= 5; i += 1) recorder.append([state(i)]);
  outbox.acknowledge(2);
  expect(journal.rows(key).map((row) => row.first)).toEqual([1, 2, 3, 4, 5]);
  outbox.acknowledge(4);
  expect(journal.rows(key).map((row) => row.first)).toEqual([3, 4, 5]);
  expect(outbox.next(MOST)).toMatchObject({ first: 5, last: 5 });
  expect(outbox.rewind(4)).toBe(true);
  expect(outbox.next(MOST)).toMatchObject({ first: 4, last: 5 });
  expect(outbox.rewind(2)).toBe(false);
  outbox.acknowledge(99);
  expect(outbox.acknowledged).toBe(5);
  expect([outbox.waitingEvents, outbox.waitingBytes]).toEqual([0, 0]);
  expect(room.room).toBe("all");
  journal.close();
});

test("an acknowledgement in the middle of a row ships the row again", async () => {
  const journal = Journal.open(await journalFile());
  const { recorder, outbox } = recording(journal);
  recorder.append([state(1), state(2), state(3)]);
  outbox.acknowledge(2);
  expect(outbox.next(MOST)).toMatchObject({ first: 1, last: 3 });
  journal.close();
});

test("beyond the memory that is allowed, events come back from the journal, the same and in order", async () => {
  const journal = Journal.open(await journalFile());
  const { recorder, eventsOf } = recording(journal, 100_000_000, 500);
  const all = Array.from({ length: 100 }, (_, i) => log(`line ${i} ${"x".repeat(50)}`));
  for (const event of all) recorder.append([event]);
  expect(eventsOf()).toEqual(all);
  journal.close();
});

test("a large batch becomes several rows, so that reports can be cut between them", async () => {
  const journal = Journal.open(await journalFile());
  const { key, recorder, outbox } = recording(journal, 100_000_000);
  recorder.append(Array.from({ length: 40 }, (_, i) => log(`${i}${"x".repeat(60_000)}`)));
  expect(journal.rows(key).length).toBeGreaterThan(8);
  const batch = outbox.next({ reportEvents: 4_000, reportBytes: 768 * 1024 });
  expect(Buffer.byteLength(JSON.stringify(batch?.events))).toBeLessThanOrEqual(768 * 1024);
  journal.close();
});

test("room: log lines give way at three quarters, everything at the bound", () => {
  expect(roomFor(0, 100)).toBe("all");
  expect(roomFor(75, 100)).toBe("states");
  expect(roomFor(100, 100)).toBe("none");
});

test("a full journal drops log lines and says how many; states are never dropped", async () => {
  const journal = Journal.open(await journalFile());
  const { recorder, outbox, eventsOf } = recording(journal, 4_000);
  recorder.append([log("x".repeat(3_000))]);
  expect(recorder.append([log("a"), state(1), log("b")]).full).toBe(false);
  recorder.append([log("c")]);
  expect(recorder.append([log("d"), state(2), ...Array.from({ length: 30 }, (_, i) => state(i + 3))]).full).toBe(true);
  outbox.acknowledge(33);
  expect(outbox.waitingEvents).toBe(0);
  recorder.append([log("e")]);
  const [told, after] = eventsOf();
  expect(told).toMatchObject({
    kind: "log",
    logger: "weir",
    text: expect.stringContaining("4 log lines dropped") as string,
  });
  expect(after).toEqual(log("e"));
  journal.close();
});

test("lines that are dropped until the end are told before the end", async () => {
  const journal = Journal.open(await journalFile());
  const { recorder, eventsOf } = recording(journal, 1_000);
  recorder.append([log("x".repeat(800))]);
  recorder.append([log("a"), log("b"), success, log("late")]);
  const [, told, last, ...more] = eventsOf();
  expect(told).toMatchObject({ text: expect.stringContaining("2 log lines dropped") as string });
  expect([last, more]).toEqual([success, []]);
  expect(recorder.append([log("later")])).toEqual({ over: "Success", full: false });
  expect(eventsOf()).toHaveLength(3);
  journal.close();
});

test("whoever waits for room is called once half of it is free", () => {
  const room = new JournalRoom(100);
  room.add(120);
  let called = 0;
  room.whenRoom(() => (called += 1));
  room.remove(60);
  expect(called).toBe(0);
  room.remove(10);
  room.remove(10);
  expect(called).toBe(1);
});

test("on a full disk nothing follows in the journal, but everything waits in memory", async () => {
  const journal = Journal.open(await journalFile(), { maxPages: 16 });
  const { key, recorder, outbox, eventsOf } = recording(journal, 100_000_000, 0);
  const full = (): void => {
    for (let i = 0; i < 100; i += 1) recorder.append([log("x".repeat(5_000))]);
  };
  expect(full).toThrow(JournalFailedError);
  const inJournal = journal.rows(key).at(-1)?.last ?? 0;
  recorder.append([state(1), success]);
  expect(journal.rows(key).at(-1)?.last).toBe(inJournal);
  expect(eventsOf()).toHaveLength(inJournal + 3);
  expect(eventsOf().at(-1)).toEqual(success);
  outbox.acknowledge(inJournal);
  journal.close();
});

test("two agents cannot share a journal", async () => {
  const file = await journalFile();
  const journal = Journal.open(file);
  expect(() => Journal.open(file)).toThrow(JournalLockedError);
  expect(() => Journal.open(file)).toThrow(/in use by another process.*directory of its own/);
  journal.close();
  Journal.open(file).close();
});

test("a journal that is no database any more is set aside, and said so", async () => {
  const file = await journalFile();
  Journal.open(file).close();
  await writeFile(file, "this is no database, however long one looks at it".repeat(100));
  const said: string[] = [];
  const journal = Journal.open(file, { onBroken: (sentence) => void said.push(sentence) });
  expect(journal.found()).toEqual([]);
  expect(said[0]).toContain(`${file}.broken`);
  journal.close();
});

test("evidence is kept until it is old", async () => {
  const journal = Journal.open(await journalFile());
  const { key, recorder } = recording(journal);
  recorder.append([state(1), state(2)]);
  journal.setAside(key, "STALE_ATTEMPT");
  expect(journal.found()).toEqual([]);
  journal.dropEvidence(Date.now() - 1_000);
  expect(journal.evidence()).toMatchObject([{ attempt: 1, reason: "STALE_ATTEMPT", events: 2 }]);
  journal.dropEvidence(Date.now() + 1_000);
  expect(journal.evidence()).toEqual([]);
  journal.close();
});
