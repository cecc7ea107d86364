/** Spans of time of the history, and in how many bars each is drawn. */
export const HISTORY_SPANS = {
  "24h": { title: "24 hours", hours: 24, buckets: 48 },
  "7d": { title: "7 days", hours: 168, buckets: 56 },
  "30d": { title: "30 days", hours: 720, buckets: 60 },
} as const;
export type HistorySpan = keyof typeof HISTORY_SPANS;

/** What the address of the overview says after its `?`. */
export interface OverviewSearch {
  /** Absent: 24 hours. */
  readonly history?: HistorySpan;
}

export function readOverviewSearch({ history }: Record<string, unknown>): OverviewSearch {
  return history === "7d" || history === "30d" ? { history } : {};
}
