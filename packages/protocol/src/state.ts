/**
 * Every state of flow runs and task runs. The hierarchy decides what `isFailed` and its like answer.
 * `Finished` itself is no state, only the parent of those that are over.
 */
export const STATES = {
  Pending: { parent: null, color: "#94a3b8" },
  Scheduled: { parent: "Pending", color: "#eab308" },
  Paused: { parent: "Scheduled", color: "#f59e0b" },
  Resume: { parent: "Scheduled", color: "#facc15" },
  Retrying: { parent: "Scheduled", color: "#fb923c" },
  Submitted: { parent: "Pending", color: "#a3a3a3" },
  Queued: { parent: "Pending", color: "#c084fc" },
  Running: { parent: null, color: "#3b82f6" },
  Cancelling: { parent: "Running", color: "#64748b" },
  Success: { parent: "Finished", color: "#22c55e" },
  Cached: { parent: "Success", color: "#10b981" },
  Mapped: { parent: "Success", color: "#14b8a6" },
  Skipped: { parent: "Success", color: "#86efac" },
  Failed: { parent: "Finished", color: "#ef4444" },
  TimedOut: { parent: "Failed", color: "#f97316" },
  TriggerFailed: { parent: "Failed", color: "#f87171" },
  ValidationFailed: { parent: "Failed", color: "#fca5a5" },
  Crashed: { parent: "Failed", color: "#b91c1c" },
  Cancelled: { parent: "Finished", color: "#475569" },
  Looped: { parent: "Finished", color: "#6366f1" },
} as const satisfies Record<string, { parent: string | null; color: `#${string}` }>;

export type StateName = keyof typeof STATES;

/** All state names, in the order of the table. */
export const STATE_NAMES = Object.keys(STATES) as StateName[];

/** Whether a state is another, or stands below it: `isA("Cached", "Success")`. */
export function isA(state: StateName, ancestor: StateName | "Finished"): boolean {
  let at: StateName | "Finished" | null = state;
  while (at !== null && at !== "Finished") {
    if (at === ancestor) return true;
    at = STATES[at].parent;
  }
  return at === ancestor;
}

/** Success, Cached, Mapped or Skipped. */
export const isSuccessful = (state: StateName): boolean => isA(state, "Success");
/** Failed and what stands below it. Cancelled is finished, but not failed. */
export const isFailed = (state: StateName): boolean => isA(state, "Failed");
/** Running or Cancelling. */
export const isRunning = (state: StateName): boolean => isA(state, "Running");
/** Over, in whatever way. */
export const isFinished = (state: StateName): boolean => isA(state, "Finished");
/** Over for good: such states absorb. Looped is over only until the next turn. */
export const isTerminal = (state: StateName): boolean => isFinished(state) && state !== "Looped";
/** Held under a lease by an agent: Submitted, Running or Cancelling. Only flow runs are held. */
export const isHeld = (state: StateName): boolean => state === "Submitted" || isRunning(state);
/** Waiting to be claimed once its time has come. Paused waits for a person instead. */
export const isClaimable = (state: StateName): boolean => state !== "Paused" && isA(state, "Scheduled");

const ENDS = ["Success", "Failed", "TimedOut", "ValidationFailed", "Crashed", "Cancelled"] as const;

/** Moves of a flow run. Who may make which stands in `FLOW_RUN_REPORTABLE`; a restart is no move but a new attempt. */
export const FLOW_RUN_MOVES: Partial<Record<StateName, readonly StateName[]>> = {
  Scheduled: ["Submitted", "Resume", "Paused", "Cancelled", "Failed"],
  Resume: ["Submitted", "Paused", "Cancelled", "Failed"],
  Retrying: ["Submitted", "Resume", "Paused", "Cancelled", "Failed"],
  Paused: ["Resume", "Cancelled"],
  Submitted: ["Running", "Scheduled", "Cancelling", ...ENDS],
  Running: ["Scheduled", "Retrying", "Paused", "Cancelling", ...ENDS],
  Cancelling: [...ENDS],
};

/** States that a runner may report for its flow run. The others are the cloud's own: claim, sweep, cancel, approve. */
export const FLOW_RUN_REPORTABLE: readonly StateName[] = ["Running", ...ENDS];

const TASK_ENDS = [
  "Success",
  "Cached",
  "Mapped",
  "Skipped",
  "Failed",
  "TimedOut",
  "TriggerFailed",
  "ValidationFailed",
  "Crashed",
  "Cancelled",
] as const;

/** Moves of a task run within one attempt of its flow run. */
export const TASK_RUN_MOVES: Partial<Record<StateName, readonly StateName[]>> = {
  Pending: ["Scheduled", "Running", "Queued", "Paused", "Resume", "Retrying", ...TASK_ENDS],
  Scheduled: ["Running", "Queued", ...TASK_ENDS],
  Queued: ["Running", ...TASK_ENDS],
  Paused: ["Resume", ...TASK_ENDS],
  Resume: ["Running", "Queued", "Paused", ...TASK_ENDS],
  Retrying: ["Running", "Queued", "Paused", ...TASK_ENDS],
  Running: ["Retrying", "Paused", "Looped", "Cancelling", ...TASK_ENDS],
  Cancelling: ["Cancelled", "Success", "Failed", "TimedOut", "Crashed"],
  Looped: ["Running", "Queued", "Retrying", ...TASK_ENDS],
};

/** Whether a flow run may go from one state to another. */
export function isFlowRunMove(from: StateName, to: StateName): boolean {
  return FLOW_RUN_MOVES[from]?.includes(to) ?? false;
}

/**
 * Whether a task run may go from one state to another.
 * A later attempt begins each unfinished task run again at Pending, whatever the attempt that died had left it in, and one that
 * had finished too when its value was never written and is needed; within one attempt finished states absorb.
 */
export function isTaskRunMove(from: StateName | null, to: StateName, laterAttempt = false): boolean {
  if (from === null) return to === "Pending";
  if (laterAttempt && to === "Pending") return true;
  return TASK_RUN_MOVES[from]?.includes(to) ?? false;
}
