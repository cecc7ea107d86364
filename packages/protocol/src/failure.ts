/**
 * What went wrong, as JSON that may cross the line. An Error stays on its side; a Failure is what is told of it.
 * Every field but `code` is of the class `exception`: the gate may redact, cut or withhold it.
 */
export interface Failure {
  /** Name of the error's class: `TypeError`. */
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Weir's own code where Weir itself made the failure. */
  readonly code?: FailureCode;
  readonly cause?: Failure;
  /** What an AggregateError holds. */
  readonly errors?: readonly Failure[];
  /** The whole failure as a sealed text; the fields above then say only that. */
  readonly sealed?: string;
}

/** Failures that Weir itself makes; user code's failures carry no code. */
export const FAILURE_CODES = {
  TASK_TIMED_OUT: "a try of the task took longer than its timeout",
  UPSTREAM_FAILED: "an input of the task did not succeed",
  TRIGGER_FAILED: "the task's trigger says that it must not run",
  TRIGGER_THREW: "the task's trigger is a function, and it threw",
  HANDLER_THREW: "a state handler threw",
  INPUT_INVALID: "the task was handed something that it cannot take: itself, or a run of another flow run",
  MAP_INVALID: "the inputs of a map are not lists of one length",
  RESULT_NOT_SERIALIZABLE: "the task's return value cannot be written by its serializer",
  RESULT_WRITE_FAILED: "the store refused the result",
  RESULT_READ_FAILED: "a result that is needed could not be read",
  RESULT_MISSING: "a value that is needed was never written, and its task may not run again",
  RESULT_TRUNCATED: "a stored result is not what was written: it was cut, changed or replaced",
  LOCATION_INVALID: "a location template cannot be rendered, or gives two results one location",
  SECRET_MISSING: "a secret is not where it should be",
  CLEANUP_THREW: "a resource could not be cleaned up",
  EXECUTOR_FAILED: "the executor could not run the task: a thread or worker died, or has no such task",
  NEEDS_CLOUD: "only a run that an agent has claimed from a cloud can do this",
  KV_CONFLICT: "somebody else has written the entry of the key-value store since it was read",
  CHILD_RUN_FAILED: "the flow run that was waited for did not succeed",
  STORAGE_FULL: "the disk below the store or the journal is full",
  PARAMETERS_INVALID: "the parameters do not fit the flow's schema",
  FLOW_NOT_LOADED: "the flow's file could not be loaded, or holds no such flow",
  CODE_CHANGED: "the code on this machine is not what was registered",
  PROCESS_EXITED: "the flow's process ended before the flow did",
  PROCESS_KILLED: "the flow's process was ended by a signal",
  OUT_OF_MEMORY: "the flow's process ran out of memory",
  LEASE_LOST: "the lease was lost, so the process was stopped",
  IPC_INVALID: "the flow's process sent its runner something that is not a message",
  SEAL_KEY_MISSING: "what is sealed cannot be opened with the keys of this agent",
  SIGNATURE_INVALID: "code, parameters or schedule carry no valid signature of a trusted signer",
  NOT_ALLOWED: "the policy file of this agent does not let it run such a flow",
  TASK_CANCELLED: "the run was cancelled",
  RECOVERIES_EXHAUSTED: "agents fell silent too often while they held this run",
} as const;

export type FailureCode = keyof typeof FAILURE_CODES;
