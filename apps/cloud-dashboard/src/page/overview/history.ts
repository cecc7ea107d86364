import { isFailed, isFinished, isSuccessful, type StateName, STATES } from "@weir/protocol/state";
import type { OverviewHistoryQuery } from "../generated/operations.ts";
import { HISTORY_SPANS, type HistorySpan } from "./overview-search.ts";

export type HistoryBucket = OverviewHistoryQuery["flowRunHistory"]["buckets"][number];

/** What of a span of time is told apart, from the foot of a bar to its head. */
export const KINDS = [
  { name: "succeeded", color: STATES.Success.color, has: isSuccessful },
  { name: "failed", color: STATES.Failed.color, has: isFailed },
  { name: "cancelled", color: STATES.Cancelled.color, has: (state: StateName) => state === "Cancelled" },
  { name: "not over", color: STATES.Running.color, has: (state: StateName) => !isFinished(state) },
] as const;

/** How many runs of each kind a span of time has, in the order of `KINDS`. */
export function countsOf({ states }: HistoryBucket): number[] {
  return KINDS.map(({ has }) => states.reduce((sum, { state, runs }) => sum + (has(state) ? runs : 0), 0));
}

/** How far each kind reaches in its bar, from the foot: the last is the whole bar. */
export function stackedCounts(bucket: HistoryBucket): number[] {
  let sum = 0;
  return countsOf(bucket).map((count) => (sum += count));
}

/** The span that ends now, whose bars stay where they are from one look to the next. @param now milliseconds since 1970 */
export function historySpan(span: HistorySpan, now: number): { from: string; to: string; buckets: number } {
  const { hours, buckets } = HISTORY_SPANS[span];
  const bar = (hours * 3_600_000) / buckets;
  const to = Math.ceil(now / bar) * bar;
  return { from: new Date(to - bar * buckets).toISOString(), to: new Date(to).toISOString(), buckets };
}
