import { rmSync, statSync } from "node:fs";
import type { LedgerEntry } from "./entry.ts";
import type { Segment } from "./segments.ts";
import { firstEntryOf } from "./tail.ts";

/** How much of the past is kept. */
export interface Keep {
  /** Bytes of all segments together. Default 1 GiB. */
  readonly keepBytes: number;
  /** Days since a segment was last written. Default 400. */
  readonly keepDays: number;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * The segments that must go, the oldest first, and the first entry of the one that is then the oldest (null: that is the file that is
 * about to be written). Null when all may stay.
 * @param o.bytes what the file that is written may grow to
 */
export function expired(
  segments: readonly Segment[],
  keep: Keep,
  o: { bytes: number; now: number },
): { segments: readonly Segment[]; next: LedgerEntry | null } | null {
  const sizes = segments.map(({ path }) => statSync(path));
  let total = sizes.reduce((sum, { size }) => sum + size, o.bytes);
  let count = 0;
  for (const { size, mtimeMs } of sizes) {
    if (total <= keep.keepBytes && o.now - mtimeMs <= keep.keepDays * DAY_MS) break;
    total -= size;
    count += 1;
  }
  if (count === 0) return null;
  const next = segments[count];
  return { segments: segments.slice(0, count), next: next === undefined ? null : firstEntryOf(next.path) };
}

export function drop(segments: readonly Segment[]): void {
  for (const { path } of segments) rmSync(path, { force: true });
}
