import type { RunEvent, StateName } from "@weir/protocol";
import { TASKS_EACH } from "./stored-bytes.ts";

// Runs of so many tasks, each of which is Pending, Running and then Success: three rows of history.

const numbers = Array.from({ length: TASKS_EACH }, (_, index) => index + 1);

const begun = (at: number): RunEvent => ({ kind: "flow", at, state: "Running" });
const over = (at: number): RunEvent => ({ kind: "flow", at, state: "Success" });
const declared = (at: number, number: number): RunEvent => ({
  kind: "task-run",
  at,
  number,
  task: "task",
  ordinal: number - 1,
});
const moved = (at: number, number: number, state: StateName): RunEvent => ({ kind: "task", at, number, state });
const runs = (at: number, number: number): RunEvent => ({ kind: "task", at, number, state: "Running", tryNumber: 1 });
const kept = (at: number, number: number): RunEvent => ({
  kind: "task",
  at,
  number,
  state: "Success",
  location: `nightly-report/task/${number}.json`,
  resultBytes: 1_000,
});

/** Tasks that take no time: each begins and ends within one report. Their results are not kept. */
export function inOneReport(at: number): RunEvent[][] {
  const tasks = numbers.flatMap((number) => [declared(at, number), runs(at, number), moved(at, number, "Success")]);
  return [[begun(at), ...tasks, over(at)]];
}

/** The same with results that are kept: the cloud stores where they lie. */
export function inOneReportKept(at: number): RunEvent[][] {
  const tasks = numbers.flatMap((number) => [declared(at, number), runs(at, number), kept(at, number)]);
  return [[begun(at), ...tasks, over(at)]];
}

/** Tasks that take some time, ten at once: each begins in one report and ends in a later one, which leaves a dead version of its row. */
export function inTwoReportsKept(at: number): RunEvent[][] {
  const reports: RunEvent[][] = [[begun(at)]];
  for (let from = 0; from < numbers.length; from += 10) {
    const some = numbers.slice(from, from + 10);
    reports.push(some.flatMap((number) => [declared(at, number), runs(at, number)]));
    reports.push(some.map((number) => kept(at, number)));
  }
  return [...reports, [over(at)]];
}
