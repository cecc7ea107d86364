/** Supervises claimed runs: child process, journal, gate, lease, reports. */
export { RUNNER_DEFAULTS, type RunnerConfig } from "./config.ts";
export { Journal, JournalLockedError } from "./journal.ts";
export type { RunnerLog } from "./log.ts";
export type { RunHandle, RunOutcome } from "./run-handle.ts";
export { createRunnerHost, type RunnerHost, type RunnerHostOptions } from "./runner-host.ts";
