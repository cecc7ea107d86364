import type { StateName } from "@weir/protocol";
import { expect, test } from "vitest";
import { happened, HAPPENINGS } from "./happenings.ts";
import { historiesOf, type History } from "./history.ts";
import { ALL_PARTS } from "./parts.ts";
import type { Holding } from "./search.ts";

const RUN = "0199-run";

const table = (name: string, ...rows: object[]): Holding => ({
  place: "database",
  name,
  content: Buffer.from(rows.map((row) => `${JSON.stringify({ table: name, row })}\n`).join("")),
});

const states = (attempt: number, from: number, ...names: readonly StateName[]): object[] =>
  names.map((state, index) => ({ flow_run_id: RUN, version: from + index, attempt, state }));

const ofTask = (number: number, ...names: readonly StateName[]): object[] =>
  names.map((state, index) => ({
    flow_run_id: RUN,
    task_run_number: number,
    attempt: 1,
    number: 10 * number + index,
    state,
  }));

const read = (...dump: Holding[]): History | undefined => historiesOf([RUN], dump).get(RUN);

const of = (attempts: readonly StateName[][], more: Partial<History> = {}): History => ({
  attempts,
  tasks: [],
  children: [],
  ...more,
});

test("each part has something that must have happened in it", () => {
  expect(new Set(HAPPENINGS.map(({ part }) => part))).toEqual(new Set(ALL_PARTS));
});

test("a history is read out of the tables and partitions of a dump, in order, without rows of other runs", () => {
  const rows = [...states(2, 4, "Running", "Success"), ...states(1, 1, "Scheduled", "Running", "Failed")];
  const other = { flow_run_id: "0199-other", version: 9, attempt: 1, state: "Crashed" };
  const history = read(
    table("partitions.flow_run_states_20260131", ...rows, other),
    table("public.flow_runs", { id: "x", parent_run_id: RUN, state: "Success" }, { id: "y", state: "Failed" }),
    table("public.tasks", { id: 7, name: "each" }),
    table(
      "partitions.task_runs_20260131",
      { flow_run_id: RUN, number: 1, task_id: 7, attempt: 1 },
      { flow_run_id: RUN, number: 2, task_id: 7, attempt: 1, parent: 1 },
    ),
    table(
      "partitions.task_run_states_20260131",
      ...ofTask(2, "Running", "Success").toReversed(),
      ...ofTask(1, "Mapped"),
    ),
  );
  expect(history).toEqual({
    attempts: [
      ["Scheduled", "Running", "Failed"],
      ["Running", "Success"],
    ],
    children: ["Success"],
    tasks: [
      { number: 1, task: "each", parent: null, attempt: 1, states: ["Mapped"] },
      { number: 2, task: "each", parent: 1, attempt: 1, states: ["Running", "Success"] },
    ],
  });
});

test("a run that ends otherwise, or without a second attempt, did not do what it was to do", () => {
  const told = (part: (typeof ALL_PARTS)[number], history: History) =>
    happened([part], new Map([[part, history]])).map((one) => one.happened);
  expect(told("killed", of([["Running", "Crashed"]]))).toEqual([true]);
  expect(told("killed", of([["Running", "Success"]]))).toEqual([false]);
  expect(told("cancelled", of([["Running", "Cancelled"]]))).toEqual([true]);
  expect(told("cancelled", of([["Running", "Success"]]))).toEqual([false]);
  expect(told("fails", of([["Running", "Failed"]]))[0]).toBe(false);
  expect(told("fails", of([["Failed", "Scheduled"], ["Success"]]))[0]).toBe(true);
  expect(told("left", of([["Running", "Success"]]))).toEqual([false]);
  expect(told("left", of([["Running", "Scheduled"], ["Success"]]))).toEqual([true]);
});

test("what no history tells of did not happen", () => {
  expect(happened(["work"], new Map()).map((one) => one.happened)).not.toContain(true);
  const bare = of([["Success"]], {
    tasks: ["unsteady", "queued", "cached", "each", "turning", "skipped", "inner"].map((task, number) => ({
      number,
      task,
      parent: null,
      attempt: 1,
      states: ["Success"],
    })),
  });
  const missed = happened(["work"], new Map([["work", bare]])).filter((one) => !one.happened);
  expect(missed.map(({ what }) => what)).toEqual([
    "a task fails and is tried again",
    "a task waits for a slot of its tag",
    "a result is taken from the cache",
    "a task is mapped",
    "a task loops",
    "a task is skipped",
    "a subflow is called",
    "a flow asks the key-value store",
    "a run starts another run",
  ]);
});
