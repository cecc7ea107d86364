import type { Segment } from "./segments.ts";

/** Pixels of a line that is not broken. */
const LINE_HEIGHT = 18;
/** Pixels of a span that the cloud has to look through, most of which is left out: so tall that few are looked through at once. */
const UNKNOWN_HEIGHT = 400;
/** Numbers of a span that are all shown. */
const SHORT_SPAN = 200;
/** Of all events of a run, how many are lines, before any was seen. */
const USUAL_PART = 0.9;

/** Tells how tall each span will be that is not drawn yet, by those that are known. */
export function heightGuess(segments: readonly Segment[]): (index: number) => number {
  let [lines, numbers] = [0, 0];
  for (const { count, from, to } of segments) {
    if (count === null) continue;
    lines += count;
    numbers += to - from;
  }
  const part = numbers === 0 ? USUAL_PART : lines / numbers;
  return (index) => {
    const segment = segments[index];
    if (segment === undefined) return 0;
    if (segment.count !== null) return segment.count * LINE_HEIGHT;
    const span = segment.to - segment.from;
    return span > SHORT_SPAN ? UNKNOWN_HEIGHT : Math.max(1, Math.round(span * part)) * LINE_HEIGHT;
  };
}
