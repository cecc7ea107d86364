import type { ChildPermission } from "./child-permission.ts";
import type { ChildUser } from "./child-user.ts";

/** Times and sizes of a runner. All have defaults, so that tests can run at a hundredth of them. */
export interface RunnerConfig {
  /** Longest time that an event waits to be shipped while the cloud answers. The first ones of a burst wait less. Milliseconds. */
  readonly batchMs: number;
  /** So many waiting events, or so many bytes of them, are shipped at once. */
  readonly batchEvents: number;
  readonly batchBytes: number;
  /** Most that one report takes when a backlog drains. Below the 1 MiB at which many proxies cut. */
  readonly reportEvents: number;
  readonly reportBytes: number;
  /** Time that a child has to end by itself after being told to; then its whole process group is killed. Milliseconds. */
  readonly graceMs: number;
  /** Time that a new child has to load the SDK. Milliseconds. */
  readonly startTimeoutMs: number;
  /** After so long of loading a flow's file, the run's log says so. Milliseconds. */
  readonly loadingNoteMs: number;
  /** Started, idle children that are kept per SDK; each runs one flow run. */
  readonly warmChildren: number;
  /** Bound of what waits in the journal of all runs. Log lines give way at three quarters of it, children pause at the whole. Bytes. */
  readonly journalBytes: number;
  /** Waiting events of one run that are kept in memory too, so that shipping need not read the journal. Bytes. */
  readonly memoryBytes: number;
  /** Captured stdout and stderr of one run; lines beyond are counted and dropped. Bytes. */
  readonly outputBytes: number;
  /** Back-off while the cloud does not answer. Milliseconds. */
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  /**
   * What happens when the cloud has not acknowledged anything for two thirds of the lease: `stop` the child, because another
   * agent may be given the run; or `continue` without the cloud and report later, which allows a second attempt beside it. A flow that says
   * it for itself is heard first.
   */
  readonly onLeaseLost: "stop" | "continue";
  /** Directory for code that is fetched from the user's storage, with the node_modules that serve it; null takes none from there. */
  readonly codeDirectory: string | null;
  /** Directory of the default local store of results; null attaches none. */
  readonly resultsDirectory: string | null;
  /** Whether a child that has finished a run may serve further runs of the same version of the same flow. */
  readonly childReuse: "on" | "off";
  /** Runs that one child may serve, and how long it may live and be idle between them. Milliseconds. */
  readonly childRuns: number;
  readonly childAgeMs: number;
  readonly childIdleMs: number;
  /** Where tries of tasks run, unless their flow or task says it. */
  readonly executor: "concurrent" | "threads";
  /** Options for the child's Node, such as `--max-old-space-size=4096`. */
  readonly childExecArgv: readonly string[];
  /** The user that children run as, checked by `checkChildUser`; null: the agent's own. */
  readonly childUser: ChildUser | null;
  /** What children may do under Node's permission model; null: whatever their user may. */
  readonly childPermission: ChildPermission | null;
  /** Files and directories that the permission model keeps from children, also where they lie below what a child may read. */
  readonly closedToChildren: readonly string[];
  /** Journals that the cloud refused are kept so long for a person to look at. Days. */
  readonly evidenceDays: number;
}

export const RUNNER_DEFAULTS: RunnerConfig = {
  batchMs: 50,
  batchEvents: 500,
  batchBytes: 256 * 1024,
  reportEvents: 4_000,
  reportBytes: 768 * 1024,
  graceMs: 10_000,
  startTimeoutMs: 60_000,
  loadingNoteMs: 10_000,
  warmChildren: 1,
  journalBytes: 1024 * 1024 * 1024,
  memoryBytes: 8 * 1024 * 1024,
  outputBytes: 64 * 1024 * 1024,
  backoffBaseMs: 100,
  backoffMaxMs: 5_000,
  onLeaseLost: "stop",
  codeDirectory: null,
  resultsDirectory: null,
  childReuse: "on",
  childRuns: 100,
  childAgeMs: 10 * 60_000,
  childIdleMs: 30_000,
  executor: "concurrent",
  childExecArgv: [],
  childUser: null,
  childPermission: null,
  closedToChildren: [],
  evidenceDays: 7,
};
