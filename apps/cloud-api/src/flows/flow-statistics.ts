import { isFailed, isSuccessful, type StateName } from "@weir/protocol";

/** A run that is over. */
export interface EndedRun {
  readonly id: string;
  readonly name: string;
  readonly state: StateName;
  readonly endedAt: Date;
  /** From its begin to its end; null: it never began. */
  readonly seconds: number | null;
}

export interface FlowStatistics {
  readonly runs: readonly EndedRun[];
  readonly successes: number;
  readonly failures: number;
  /** Of those that succeeded; null: of none is it known. */
  readonly medianSeconds: number | null;
  readonly p95Seconds: number | null;
}

/** What the last runs of a flow say about it. */
export function flowStatistics(runs: readonly EndedRun[]): FlowStatistics {
  const successful = runs.filter(({ state }) => isSuccessful(state));
  const seconds = successful.flatMap((run) => run.seconds ?? []).toSorted((a, b) => a - b);
  return {
    runs,
    successes: successful.length,
    failures: runs.filter(({ state }) => isFailed(state)).length,
    medianSeconds: quantile(seconds, 0.5),
    p95Seconds: quantile(seconds, 0.95),
  };
}

/** Between the two nearest, as `percentile_cont` of Postgres. Of sorted numbers; null: there are none. */
function quantile(sorted: readonly number[], share: number): number | null {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  return below === undefined || above === undefined ? null : below + (above - below) * (place % 1);
}
