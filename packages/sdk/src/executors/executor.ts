import type { RunEvent } from "@weir/protocol";
import type { FlowRunFacts } from "../context/flow-run-facts.ts";
import type { TaskFunction } from "../task/task-types.ts";

/** What code in a try can ask about its run (`run.…`), as plain data: it may have to travel to another process. */
export interface JobFacts {
  readonly flowRunId: string;
  readonly attempt: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly scheduledStartTime: number;
  readonly taskRunNumber: number;
  readonly tryNumber: number;
  readonly mapIndex: number | undefined;
  readonly loopCount: number;
  readonly loopValue: unknown;
  readonly approved: boolean;
}

/** One try of a task, to be run somewhere. */
export interface TaskJob {
  readonly task: string;
  readonly fn: TaskFunction;
  /** The file whose loading defines the task, as a `file:` URL; null when it is not known. */
  readonly definedIn: string | null;
  readonly inputs: readonly unknown[];
  readonly facts: JobFacts;
  /** Aborted when the try is over without its answer: its time is up, or the run is cancelled. The executor then stops the work itself. */
  readonly signal: AbortSignal;
  /**
   * To be called when the task's function begins: its timeout counts from then, so that waiting for a thread or a worker is no part of it.
   * An executor that never calls it has no timeouts.
   */
  begun(): void;
  /** Takes log lines and artifacts of the try. */
  emit(event: RunEvent): void;
  /** Values that must never leave the user's side. */
  redact(values: readonly string[]): void;
  /** Asks the key-value store on behalf of the try: `kv`. An executor from which it cannot be asked leaves it alone. */
  readonly askKv?: FlowRunFacts["askKv"];
}

/**
 * Where tries of tasks run. Chosen in code (`executor:` of a task or flow) or by the agent, never by the cloud.
 * @example task("render", { executor: threads() }, renderPages)
 */
export interface Executor {
  /** `concurrent`, `threads`, `bullmq`. */
  readonly kind: string;
  /** Runs one try and gives what the task returned. @throws what the task threw; WeirError `EXECUTOR_FAILED` when it could not be run. */
  run(job: TaskJob): Promise<unknown>;
  /** Lets go of threads and connections. The engine calls it when the flow run ends. */
  close(): Promise<void>;
}
