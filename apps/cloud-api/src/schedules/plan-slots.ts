import type { ScheduleDefinition } from "@weir/protocol";
import type { Slots } from "./slots.ts";

/** Runs that a schedule has ahead of it at most, */
export const AHEAD_SLOTS = 10;
/** and how far ahead. */
export const AHEAD_MS = 86_400_000;
/** A slot that is at most so late is in time: the planner itself takes turns. */
export const GRACE_MS = 60_000;
/** Missed slots that are made up for in one turn. The rest follows in the next: other schedules come in between. */
export const MOST_MISSED = 100;

/** What is known of a schedule when it is planned. All times in milliseconds. */
export interface PlanState {
  readonly now: number;
  /** What becomes of all slots up to here is decided. */
  readonly plannedUntil: number;
  /** Slots after now that have a run. */
  readonly ahead: readonly number[];
}

/** What one turn of planning decides. */
export interface SlotPlan {
  /** Runs are to be made for these. */
  readonly slots: readonly number[];
  readonly plannedUntil: number;
  /** When to plan again; null: no slot will come. */
  readonly planAfter: number | null;
}

/** Decides for which slots runs are made now: first for missed ones, as the schedule's policy says, then for those ahead. Pure. */
export function planSlots(slots: Slots, catchUp: ScheduleDefinition["catchUp"], state: PlanState): SlotPlan {
  const inTime = Math.max(state.plannedUntil, state.now - GRACE_MS);
  const missed = missedSlots(slots, catchUp, state, inTime);
  if (missed.length === MOST_MISSED) {
    return { slots: missed, plannedUntil: missed.at(-1) ?? state.plannedUntil, planAfter: state.now };
  }
  const plan = planAhead(slots, inTime, state);
  return { ...plan, slots: [...missed, ...plan.slots] };
}

/** Slots after `plannedUntil` and up to `inTime` for which runs are made all the same. */
function missedSlots(
  slots: Slots,
  catchUp: ScheduleDefinition["catchUp"],
  { now, plannedUntil }: PlanState,
  inTime: number,
): number[] {
  if (catchUp === undefined || catchUp.policy === "skip" || plannedUntil >= inTime) return [];
  const from = Math.max(plannedUntil, now - catchUp.windowSeconds * 1000);
  if (catchUp.policy === "all") return upTo(slots, from, inTime, MOST_MISSED);
  const newest = newestSlot(slots, from, now);
  return newest === null || newest > inTime ? [] : [newest];
}

/** Looks back ever farther until there is a slot: a walk from `from` on could be one of millions. */
function newestSlot(slots: Slots, from: number, now: number): number | null {
  for (let back = GRACE_MS; ; back *= 2) {
    const start = Math.max(from, now - back);
    let newest: number | null = null;
    for (const slot of slots.after(start)) {
      if (slot > now) break;
      newest = slot;
    }
    if (newest !== null || start === from) return newest;
  }
}

function upTo(slots: Slots, after: number, last: number, most: number): number[] {
  const found: number[] = [];
  for (const slot of slots.after(after)) {
    if (slot > last || found.length === most) break;
    found.push(slot);
  }
  return found;
}

function planAhead(slots: Slots, from: number, { now, ahead }: PlanState): SlotPlan {
  const have = new Set(ahead);
  const upcoming = ahead.filter((slot) => slot <= from);
  const made: number[] = [];
  let plannedUntil = from;
  for (const slot of slots.after(from)) {
    if (slot > now + AHEAD_MS) return { slots: made, plannedUntil, planAfter: slot - AHEAD_MS };
    // Again when half of them have begun, and not at each: that would be a turn per run.
    if (slot > now && upcoming.length >= AHEAD_SLOTS)
      return { slots: made, plannedUntil, planAfter: upcoming[AHEAD_SLOTS / 2 - 1] ?? now };
    if (slot > now) upcoming.push(slot);
    // After a new version, runs that somebody had touched are there still.
    if (!have.has(slot)) made.push(slot);
    plannedUntil = slot;
  }
  return { slots: made, plannedUntil, planAfter: null };
}
