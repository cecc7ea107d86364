/** Supervises claimed runs: child process, journal, gate, lease, reports. */
export { CHILD_FEATURES, type ChildFeature, type ChildPermission } from "./child-permission.ts";
export { checkChildUser, type ChildUser, ChildUserError, childUserOf } from "./child-user.ts";
export { RUNNER_DEFAULTS, type RunnerConfig } from "./config.ts";
export { FlowEnvironmentError, flowEnvironment } from "./flow-environment.ts";
export { Journal, JournalLockedError } from "./journal.ts";
export type { RunnerLog } from "./log.ts";
export type { RunHandle, RunOutcome } from "./run-handle.ts";
export { createRunnerHost, type RunnerHost, type RunnerHostOptions } from "./runner-host.ts";
