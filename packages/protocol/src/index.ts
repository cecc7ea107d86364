/**
 * The line: everything that may cross between the user's side and the cloud, and nothing else. No I/O; runs in a browser.
 * Both sides import this package; it imports neither.
 */
export * from "./agent.ts";
export * from "./audit.ts";
export * from "./boundary.ts";
export * from "./child-run.ts";
export * from "./claim.ts";
export * from "./crossing.ts";
export * from "./data-class.ts";
export * from "./event.ts";
export * from "./failure.ts";
export { FailureMessage } from "./failure-message.ts";
export * from "./fields.ts";
export * from "./flow-storage.ts";
export * from "./graphql.ts";
export * from "./held-tables.ts";
export * from "./ids.ts";
export * from "./ipc.ts";
export * from "./json.ts";
export * from "./kv.ts";
export { kvProblem } from "./kv-problem.ts";
export * from "./limits.ts";
export { dateMs, type Moment, readMoment, timeMs } from "./moment.ts";
export * from "./passed.ts";
export * from "./permissions/permissions.ts";
export * from "./refusal.ts";
export * from "./registration.ts";
export * from "./report.ts";
export { readUntil, rruleParts } from "./rrule-problem.ts";
export * from "./run-door.ts";
export * from "./schedule.ts";
export { scheduleProblem, schedulesProblem } from "./schedule-problem.ts";
export * from "./sealed.ts";
export * from "./slots.ts";
export * from "./state.ts";
export { isStorable } from "./storable.ts";
