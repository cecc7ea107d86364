import type { RunView } from "./run-view.ts";
import type { RunEnd } from "./end-flow-run.ts";

/** A run whose lease has run out. */
export interface ExpiredRun extends RunView {
  /** Seconds since its agent was last heard of, by the database's clock. */
  readonly silentSeconds: number;
  /** Of the flow's settings; null: the rule of the cloud. */
  readonly maxRecoveries: number | null;
  readonly recoveryBackoffSeconds: number | null;
}

export interface RecoveryRules {
  readonly maxRecoveries: number;
  /** Wait before the first recovery; each further one doubles it. */
  readonly recoveryBackoffSeconds: number;
}

/** What becomes of an expired run: ended, or due again after a wait. */
export type Recovery = { readonly end: RunEnd } | { readonly dueInSeconds: number; readonly message: string };

/**
 * Longest wait between two recoveries, so that no run stays without an owner for longer than is promised (75 s after a fault heals), unless the
 * flow's settings ask for a longer one.
 */
const MOST_BACKOFF_SECONDS = 30;

/** Decides what becomes of a run whose lease has run out. */
export function decideRecovery(run: ExpiredRun, rules: RecoveryRules): Recovery {
  const maxRecoveries = run.maxRecoveries ?? rules.maxRecoveries;
  const silence = `agent ${run.agentName ?? "(gone)"} fell silent after ${run.silentSeconds.toFixed(1)} s`;
  if (run.state === "Cancelling")
    return { end: { state: "Cancelled", message: `${silence}, while the run was being cancelled` } };
  if (run.recoveries >= maxRecoveries) {
    const message = `${silence}; after ${run.recoveries} recoveries the run is given up. Restart it when the agents are well.`;
    return {
      end: {
        state: "Failed",
        message,
        failure: { name: "RecoveriesExhausted", message, code: "RECOVERIES_EXHAUSTED" },
      },
    };
  }
  const backoff = run.recoveryBackoffSeconds ?? rules.recoveryBackoffSeconds;
  const longest = Math.max(MOST_BACKOFF_SECONDS, run.recoveryBackoffSeconds ?? 0);
  const dueInSeconds = Math.min(backoff * 2 ** run.recoveries, longest);
  return {
    dueInSeconds,
    message: `${silence}; attempt ${run.attempt + 1} follows (recovery ${run.recoveries + 1} of ${maxRecoveries})`,
  };
}
