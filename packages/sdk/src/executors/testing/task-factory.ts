import { task } from "../../index.ts";

/** Makes a task for the file that calls this. */
export function makeTask(fn: (n: number) => number) {
  return task("made", fn as (...inputs: unknown[]) => unknown);
}
