/** Parts of the scenario: flows that are run together, and what is done with their runs. */
const PARTS = {
  /** Succeeds: maps, caches, retries, queues, loops, calls a subflow, starts a child run, asks the key-value store, makes artifacts, logs. */
  work: "success, map, cache, retry, queue, loop, subflow, child run, key-value store, artifacts, logs",
  /** Fails with causes and an aggregate error; restarted, it reads what the first attempt wrote, and succeeds. */
  fails: "failure with causes, restart that reads results",
  /** An error that no promise carries ends the process. */
  throws: "uncaught error",
  /** The process ends itself. */
  exits: "process that exits",
  /** The process is killed. */
  killed: "process that is killed",
  /** The process has not memory enough. */
  memory: "process without memory",
  /** Cancelled by a person while a task of it runs. */
  cancelled: "run that is cancelled",
  /** What a policy may say of one flow alone. */
  hushed: "flow of which the policy says more",
  /** The flow itself asks that its lines and errors be dropped. */
  asked: "flow that asks for more than the policy",
  /** The agent is killed while its reports do not get through; its successor ships what it finds. */
  left: "agent that is killed",
} as const;

export type Part = keyof typeof PARTS;

export const ALL_PARTS = Object.keys(PARTS) as readonly Part[];
