import { AssertionError } from "node:assert";
import type { StateName } from "@weir/protocol/state";
import type { TestTaskRun } from "./recorder.ts";
import { type TaskOrName, taskNameOf } from "./stand-ins.ts";
import type { TestResult } from "./test-result.ts";

/** Which run of a task is meant. */
export interface TaskRunPlace {
  /** Which call of the task in the flow, from 0. Default: the first. */
  readonly call?: number;
  /** Which child of a mapped run. Default: the mapped run itself. */
  readonly index?: number;
}

function label(task: string, { call = 0, index }: TaskRunPlace): string {
  const which = [...(call === 0 ? [] : [`call ${call}`]), ...(index === undefined ? [] : [`index ${index}`])];
  return `The task ${JSON.stringify(task)}${which.length === 0 ? "" : ` (${which.join(", ")})`}`;
}

function wherever(runs: readonly TestTaskRun[], task: string): string {
  const ofTask = runs.filter((run) => run.task === task);
  if (ofTask.length === 0) {
    const names = [...new Set(runs.map((run) => run.task))];
    return names.length === 0
      ? "no task was called"
      : `there are ${names.map((name) => JSON.stringify(name)).join(", ")}`;
  }
  const calls = new Set(ofTask.map(({ ordinal }) => ordinal)).size;
  const children = ofTask.filter(({ mapIndex }) => mapIndex !== undefined).length;
  return `it was called ${calls} times${children === 0 ? "" : `, and has ${children} children`}`;
}

function found(runs: readonly TestTaskRun[], task: string, { call = 0, index }: TaskRunPlace): TestTaskRun | undefined {
  return runs.find((run) => run.task === task && run.ordinal === call && run.mapIndex === index);
}

function way(states: readonly StateName[]): string {
  return states.length === 0 ? "(nothing was told of it)" : states.join(" → ");
}

function why({ message, failure }: TestTaskRun): string {
  const told = failure === undefined ? message : `${failure.name}: ${failure.message}`;
  return told === undefined ? "" : `\n\n${told}`;
}

/**
 * Asserts which states a task run went through, in order, from `Pending`. A task run that a restart or another one's cache made needless
 * has none: `[]`.
 * @throws AssertionError with both ways, what the task failed by, or which task runs there were. Works in any test runner.
 * @example
 * expectStates(result, "load", ["Pending", "Running", "Retrying", "Running", "Success"]);
 * expectStates(result, score, ["Pending", "Running", "Failed"], { index: 3 });
 */
export function expectStates(
  result: TestResult<unknown>,
  task: TaskOrName,
  expected: readonly StateName[],
  place: TaskRunPlace = {},
): void {
  const name = taskNameOf(task);
  const run = found(result.taskRuns, name, place);
  const actual = run?.states;
  if (actual !== undefined && actual.join() === expected.join()) return;
  const told =
    run === undefined
      ? `${label(name, place)} was not called: ${wherever(result.taskRuns, name)}.`
      : `${label(name, place)} went another way.\n  expected  ${way(expected)}\n  was       ${way(run.states)}${why(run)}`;
  throw new AssertionError({ message: told, actual, expected, operator: "expectStates", stackStartFn: expectStates });
}
