import type { RunnerConfig } from "../config.ts";
import type { RunnerLog } from "../log.ts";

/** One line of a runner's log. */
export interface Told {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Short times, so that tests are quick: nothing depends on their exact length. */
export const QUICK: Partial<RunnerConfig> = {
  graceMs: 300,
  warmChildren: 0,
  backoffBaseMs: 20,
  backoffMaxMs: 100,
  batchMs: 10,
};

/** A log that remembers. */
export function rememberingLog(told: Told[]): RunnerLog {
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void told.push({ level, message, fields });
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
