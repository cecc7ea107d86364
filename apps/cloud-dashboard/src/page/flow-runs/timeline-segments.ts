import { isFinished, isRunning, type StateName } from "@weir/protocol/state";
import type { TaskRow } from "./run-store.ts";

/** What a task run did for a while: it waited for its turn, for a later moment, or for a person; or it ran. */
type SegmentKind = "queue" | "wait" | "pause" | "run";

/** A span of a task run's life. Moments are milliseconds since 1970. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly from: number;
  readonly to: number;
  /** Of what ran: how that went; the state itself of what waited. */
  readonly state: StateName;
  /** Of the flow run. */
  readonly attempt: number;
  /** Of what ran: which try of the attempt this was, from 1. */
  readonly tryNumber: number;
}

/** The spans of a task run in their order. What goes on ends now. */
export function segmentsOf({ states }: TaskRow, now: number): Segment[] {
  const told = states.filter(({ refused }) => refused === null);
  const segments: Segment[] = [];
  let tryNumber = 0;
  for (const [index, { state, at, attempt }] of told.entries()) {
    const next = told[index + 1];
    if (attempt !== told[index - 1]?.attempt) tryNumber = 0;
    if (state === "Running") tryNumber += 1;
    const kind = kindOf(state);
    if (kind === null) continue;
    const from = Date.parse(at);
    // Clocks of two machines may disagree; nothing takes less than no time.
    const to = Math.max(from, next === undefined ? now : Date.parse(next.at));
    const shown = kind === "run" && next !== undefined ? outcomeOf(attempt, next) : state;
    segments.push({ kind, from, to, state: shown, attempt, tryNumber });
  }
  return segments;
}

function kindOf(state: StateName): SegmentKind | null {
  if (isRunning(state)) return "run";
  if (state === "Paused") return "pause";
  if (state === "Retrying" || state === "Scheduled" || state === "Looped") return "wait";
  return isFinished(state) ? null : "queue";
}

/** How it went with what ran. Where a later attempt begins it again, its own one died. */
function outcomeOf(attempt: number, next: { readonly state: StateName; readonly attempt: number }): StateName {
  return next.attempt > attempt && next.state === "Pending" ? "Crashed" : next.state;
}

/** Milliseconds in which a task run waited for its turn or for a slot, and in which it ran. */
export function spentIn(segments: readonly Segment[], kind: SegmentKind): number {
  return segments.reduce((sum, segment) => (segment.kind === kind ? sum + segment.to - segment.from : sum), 0);
}
