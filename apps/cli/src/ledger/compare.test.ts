import type { LedgerEntry } from "@weir/gate";
import { expect, test } from "vitest";
import type { Holding } from "../connection/answers.ts";
import { compare } from "./compare.ts";

type Kinds = Readonly<Record<string, number>>;

const report = (attempt: number, first: number, last: number, kinds: Kinds): LedgerEntry => ({
  number: 1,
  at: 1,
  run: "r",
  message: "report",
  classes: {},
  attempt,
  first,
  last,
  kinds,
  bytes: 1,
  sha256: "",
  previous: "",
  hash: "",
});

async function* these(...entries: LedgerEntry[]): AsyncGenerator<LedgerEntry> {
  yield* entries;
}

const table = (name: string, ...sample: Holding["sample"]): Holding => ({ table: name, rows: sample.length, sample });
const logs = (attempt: number, ...numbers: number[]) =>
  table("logs", ...numbers.map((number) => ({ attempt, number })));

test("what was sent is what is held", async () => {
  const sent = these(report(1, 1, 3, { flow: 1, task: 1, log: 1 }), report(1, 4, 4, { artifact: 1 }));
  const diff = await compare(sent, [
    table("flow_runs", { id: "r" }),
    table("flow_run_states", { attempt: 0, event_number: null }, { attempt: 1, event_number: 1 }),
    table(
      "task_run_states",
      { attempt: 1, number: 2, detail: null },
      { attempt: 1, number: 5, detail: { by: "cloud" } },
    ),
    table("logs", { attempt: 1, number: 3 }),
    table("artifacts", { attempt: 1, number: 4 }),
  ]);
  expect(diff).toMatchObject({
    differences: [],
    remarks: [],
    attempts: [{ attempt: 1, sent: "1 to 4", held: "1 to 4" }],
  });
});

test("an event that the cloud holds and nobody sent", async () => {
  const { differences } = await compare(these(report(1, 1, 2, { log: 2 })), [logs(1, 1, 2, 3, 4)]);
  expect(differences).toEqual(["Attempt 1: the cloud holds events 3 to 4, which this ledger never sent."]);
});

test("an attempt that another agent had, or that the cloud made up", async () => {
  const { differences } = await compare(these(report(1, 1, 2, { log: 2 })), [logs(1, 1, 2), logs(2, 1)]);
  expect(differences).toEqual([
    expect.stringContaining("Attempt 2: the cloud holds events 1, and nothing of it is in"),
  ]);
  expect(differences.join()).toContain("name its directory too");
});

test("a hole in what the cloud holds", async () => {
  const { differences } = await compare(these(report(1, 1, 5, { log: 5 })), [logs(1, 1, 2, 4, 5)]);
  expect(differences).toEqual([
    expect.stringContaining("Attempt 1: events 3 were sent, and the cloud holds later ones"),
  ]);
});

test("what is on its way, or came after the run's end, is no difference", async () => {
  const { differences, remarks } = await compare(these(report(1, 1, 5, { log: 5 })), [logs(1, 1, 2, 3)]);
  expect(differences).toEqual([]);
  expect(remarks.join()).toContain("events 4 to 5 were sent, and the cloud holds none of them");
});

test("an event that stands there as another kind than it was sent", async () => {
  const { differences } = await compare(these(report(1, 1, 2, { log: 1, task: 1 })), [logs(1, 1, 2)]);
  expect(differences).toEqual([
    expect.stringContaining("1 events of kind task-run, task, result were sent, and the cloud holds 0"),
    expect.stringContaining("1 events of kind log were sent, and the cloud holds 2"),
  ]);
});

test("a batch that was sent again counts once; cut anew, its kinds are not compared", async () => {
  const again = [report(1, 1, 2, { log: 2 }), report(1, 1, 2, { log: 2 })];
  expect((await compare(these(...again), [logs(1, 1, 2)])).differences).toEqual([]);
  const cut = [report(1, 1, 4, { log: 3, task: 1 }), report(1, 3, 5, { log: 2, task: 1 })];
  const diff = await compare(these(...cut), [logs(1, 1, 2, 3, 4, 5)]);
  expect(diff.differences).toEqual([]);
  expect(diff.attempts[0]?.kinds[0]?.sent).toBe(null);
});

test("what cannot be compared is said: rows that were not shown, reports of before numbers were recorded", async () => {
  const { attempt: _, first: _first, last: _last, kinds: _kinds, ...old } = report(1, 1, 1, {});
  const partly = { ...logs(1, 1), rows: 9_000 };
  const { differences, remarks } = await compare(these(old, report(1, 1, 9_000, { log: 9_000 })), [partly]);
  expect(differences).toEqual([]);
  expect(remarks.join("\n")).toMatch(
    /1 reports were recorded before[\s\S]*The cloud holds 9000 rows in logs and showed the first 1/,
  );
});
