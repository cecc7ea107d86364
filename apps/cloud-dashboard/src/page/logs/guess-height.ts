import type { Segment } from "./segments.ts";

/** Pixels of a line that is not broken. */
export const LINE_HEIGHT = 18;
/** Pixels of a span that the cloud has to look through, most of which is left out: so tall that few are looked through at once. */
const UNKNOWN_HEIGHT = 400;
/** Numbers of a span that are all shown. */
const SHORT_SPAN = 200;
/** Of all events of a run, how many are lines, where nobody knows. */
const USUAL_PART = 0.9;

/** How tall a span will be that is not drawn yet. */
export function guessHeight(segments: readonly Segment[], index: number): number {
  const segment = segments[index];
  if (segment === undefined) return 0;
  if (segment.count !== null) return segment.count * LINE_HEIGHT;
  const numbers = segment.to - segment.from;
  return numbers > SHORT_SPAN ? UNKNOWN_HEIGHT : Math.round(numbers * USUAL_PART) * LINE_HEIGHT;
}
