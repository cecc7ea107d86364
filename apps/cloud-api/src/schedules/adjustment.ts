import type { ScheduleAdjustment } from "@weir/protocol";
import { isoWeekday } from "./filter.ts";
import { DAY_MS, dayOf, instantOf, wallOf } from "./wall-clock.ts";

/** Longest jump of a zone's clock that history knows: a whole day, at the date line. */
const LONGEST_GAP_MS = DAY_MS;

/** Moves a slot. Never to an earlier moment. */
export interface Adjustment {
  apply(instant: number): number;
  /** It moves by at least so much, */
  readonly least: number;
  /** and by at most so much. */
  readonly most: number;
}

/** Adjustments one after the other as one. */
export function adjustmentOf(adjustments: readonly ScheduleAdjustment[], zone: string): Adjustment {
  const steps = adjustments.map((adjustment) => stepOf(adjustment, zone));
  return {
    apply: (instant) => steps.reduce((moved, step) => step.apply(moved), instant),
    least: steps.reduce((sum, step) => sum + step.least, 0),
    most: steps.reduce((sum, step) => sum + step.most, 0),
  };
}

function stepOf({ addSeconds }: ScheduleAdjustment, zone: string): Adjustment {
  if (addSeconds === undefined) {
    return { apply: (instant) => toWeekday(instant, zone), least: 0, most: 2 * DAY_MS + LONGEST_GAP_MS };
  }
  const by = addSeconds * 1000;
  if (by % DAY_MS !== 0) return { apply: (instant) => instant + by, least: by, most: by };
  return {
    apply: (instant) => instantOf(wallOf(instant, zone) + by, zone),
    least: Math.max(0, by - LONGEST_GAP_MS),
    most: by + LONGEST_GAP_MS,
  };
}

function toWeekday(instant: number, zone: string): number {
  const wall = wallOf(instant, zone);
  const days = 8 - isoWeekday(dayOf(wall));
  // One that stays is not translated back: in a repeated hour it would become an hour earlier.
  return days > 2 ? instant : instantOf(wall + days * DAY_MS, zone);
}
