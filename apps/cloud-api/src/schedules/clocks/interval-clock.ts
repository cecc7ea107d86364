import { DAY_MS, instantOf, wallOf } from "../wall-clock.ts";
import { type Clock, wallClock } from "./clock.ts";

/** Multiples of a length of time from an anchor on. Whole days keep the time of day, other lengths the elapsed time. */
export function intervalClock(everyMs: number, anchor: number, zone: string): Clock {
  if (everyMs % DAY_MS !== 0) return { next: (after) => multipleAfter(after, anchor, everyMs) };
  const anchorWall = wallOf(anchor, zone);
  return wallClock(zone, (after) => multipleAfter(after, anchorWall, everyMs));
}

/** The anchor of intervals and rules that name none, as wall-clock time: a Tuesday, and the first day of a month and a year. */
export const DEFAULT_ANCHOR_WALL = Date.UTC(2019, 0, 1);

export function defaultAnchor(zone: string): number {
  return instantOf(DEFAULT_ANCHOR_WALL, zone);
}

function multipleAfter(after: number, anchor: number, every: number): number {
  return anchor + Math.max(0, Math.floor((after - anchor) / every) + 1) * every;
}
