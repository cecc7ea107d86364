import { fileURLToPath } from "node:url";
import { failureOf } from "../../failure-of.ts";
import type { TaskPlace } from "../task-registry.ts";
import type { ThreadJob } from "./thread-try.ts";

function cloneProblem(value: unknown): string | null {
  try {
    structuredClone(value);
    return null;
  } catch (error) {
    return failureOf(error).message;
  }
}

/** Says which of the things that a try is handed cannot be copied to a thread, or null. */
export function whatCannotBeCopied({ place, inputs, facts }: ThreadJob, error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== "DataCloneError") return null;
  const handed: [string, unknown][] = [
    ...inputs.map((input, index): [string, unknown] => [`Input ${index + 1}`, input]),
    ...Object.entries(facts.parameters).map(([name, value]): [string, unknown] => [
      `The parameter ${JSON.stringify(name)}`,
      value,
    ]),
    ["The value of the turn before", facts.loopValue],
  ];
  const task = `the task ${JSON.stringify(place.name)}`;
  for (const [what, value] of handed) {
    const problem = cloneProblem(value);
    if (problem !== null)
      return `${what} of ${task} cannot be copied to a thread: ${problem} Hand over plain data, or run the task without threads.`;
  }
  return `What ${task} is handed cannot be copied to a thread: ${error.message}`;
}

/** Says how a thread ended before its try did. */
export function howItDied({ name, file }: TaskPlace, error: unknown): string {
  const task = `The thread that ran the task ${JSON.stringify(name)} (${fileURLToPath(file)})`;
  const { code, message = String(error) } = error as { code?: unknown; message?: string };
  if (code === "ERR_WORKER_OUT_OF_MEMORY")
    return `${task} ran out of memory. Hand it less at a time, or give threads more: threads({ memoryMiB: … }).`;
  const [, exitCode] = /^worker exited with code: (\d+)$/.exec(message) ?? [];
  if (exitCode !== undefined)
    return `${task} ended with exit code ${exitCode} before the task did. Return or throw instead of calling process.exit.`;
  const why = error instanceof Error ? `${error.name}: ${failureOf(error).message}` : message;
  return `${task} died of an error that nothing caught: ${why}`;
}
