import { existsSync, readFileSync } from "node:fs";

/**
 * What a task of the flow under test leaves behind each time that it is executed, or writes a line: one JSON line in a file opened with
 * O_APPEND. It owes nothing to Weir, so it is the truth that Weir's history is compared with.
 */
export interface Effect {
  readonly kind: "task" | "log" | "stdout";
  readonly run: string;
  /** Task with its place: `step 3`, `square 0`. */
  readonly task: string;
  readonly attempt: number;
  readonly tryNumber: number;
  readonly pid: number;
  /** Milliseconds by the clock of the machine, which the database of the test shares. */
  readonly at: number;
  /** Of a line: its text. */
  readonly text?: string;
}

/** All that was written so far. The last line may be half there when its writer was killed. */
export function readEffects(file: string): Effect[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Effect];
      } catch {
        return [];
      }
    });
}
