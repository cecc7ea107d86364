import type { Logger } from "pino";
import type { Pool } from "pg";
import { cancelLeftBehind } from "../flow-runs/cancel-left-behind.ts";
import type { Loop } from "./loop.ts";

/** Cancels the children that a cloud left behind when it died between a run's cancel and theirs. */
export function childCanceller(pool: Pool, seconds: number, log: Pick<Logger, "warn">): Loop {
  const onProblem = (runId: string, error: unknown) =>
    log.warn(
      { runId, err: error },
      "this run's parent was cancelled, but the run itself could not be; it is tried again",
    );
  return { name: "child-canceller", seconds, tick: () => cancelLeftBehind(pool, onProblem) };
}
