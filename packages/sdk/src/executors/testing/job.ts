import type { RunEvent } from "@weir/protocol";
import type { TaskFunction } from "../../task/task-types.ts";
import type { TaskJob } from "../executor.ts";
import { definedIn } from "../task-registry.ts";
import { type ContractTask, functions } from "./contract-tasks.ts";

/** A job of the tests, and what came of it besides its value. */
export interface TestJob extends TaskJob {
  readonly events: RunEvent[];
  readonly secrets: string[];
  /** When it said that it has begun. */
  readonly begunAt: number[];
  readonly controller: AbortController;
}

/** A job for any function that was made a task. */
export function jobFor(task: string, fn: TaskFunction, inputs: readonly unknown[]): TestJob {
  const events: RunEvent[] = [];
  const secrets: string[] = [];
  const times: number[] = [];
  const controller = new AbortController();
  return {
    task,
    fn,
    definedIn: definedIn(task, fn),
    inputs,
    facts: {
      flowRunId: "run-1",
      attempt: 2,
      parameters: { day: new Date(0) },
      scheduledStartTime: 1_000,
      taskRunNumber: 7,
      tryNumber: 3,
      mapIndex: 4,
      loopCount: 1,
      loopValue: { page: 2n },
      approved: true,
    },
    signal: controller.signal,
    begun: () => void times.push(performance.now()),
    emit: (event) => void events.push(event),
    redact: (values) => void secrets.push(...values),
    events,
    secrets,
    begunAt: times,
    controller,
  };
}

/** A job for a task of the contract. */
export function jobOf(task: ContractTask, ...inputs: unknown[]): TestJob {
  return jobFor(task, functions[task] as TaskFunction, inputs);
}

/** Texts of the log lines of a job. */
export function linesOf({ events }: TestJob): string[] {
  return events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
}
