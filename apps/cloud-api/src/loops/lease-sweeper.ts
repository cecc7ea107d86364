import type { Logger } from "pino";
import type { Pool } from "pg";
import { sweepFlowRuns, type SweepRules } from "../flow-runs/sweep-flow-runs.ts";
import type { Loop } from "./loop.ts";

export interface SweeperDeps {
  readonly pool: Pool;
  readonly rules: SweepRules;
  readonly seconds: number;
  readonly log: Pick<Logger, "warn" | "info">;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/**
 * Frees runs whose holder fell silent. While the cloud or its database was away no holder could speak, so after each outage, and after
 * its own start, the sweeper waits one whole lease before it takes anything: whoever lives has reported by then.
 */
export function leaseSweeper(deps: SweeperDeps): Loop {
  let quietUntil = deps.now() + deps.rules.leaseSeconds * 1000;
  const tick = async () => {
    if (deps.now() < quietUntil) {
      await deps.pool.query("select 1").catch((error: unknown) => wait(error));
      return;
    }
    const onProblem = (runId: string, error: unknown) =>
      deps.log.warn({ runId, err: error }, "this run could not be swept; the others go on");
    const taken = await sweepFlowRuns(deps.pool, deps.rules, onProblem).catch((error: unknown) => wait(error));
    if (taken > 0) deps.log.info({ runs: taken }, "freed runs whose agents fell silent");
  };
  const wait = (error: unknown): never => {
    quietUntil = deps.now() + deps.rules.leaseSeconds * 1000;
    throw error;
  };
  return { name: "lease-sweeper", seconds: deps.seconds, tick };
}
