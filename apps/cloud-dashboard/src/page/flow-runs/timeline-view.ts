/** A span of time that is shown: milliseconds since the timeline's beginning. */
export interface View {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((count) => count * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 5, 10, 30, 100, 365].map((count) => count * DAY),
];

/** Round moments of a view, with at most so many steps between them. */
export function ticksOf({ from, to }: View, most: number): number[] {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? DAY * 1_000;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => first + index * step);
}

/** Nobody sees anything in less. */
const LEAST = 1;

/** Shows so many times as much around a place, 0 at the left and 1 at the right; never more than there is. */
export function zoomed({ from, to }: View, factor: number, place: number, length: number): View {
  const span = Math.min(length, Math.max(LEAST, (to - from) * factor));
  return within(from + (to - from) * place - span * place, span, length);
}

/** Moves by a share of what is shown; not beyond what there is. */
export function moved({ from, to }: View, share: number, length: number): View {
  return within(from + (to - from) * share, to - from, length);
}

function within(from: number, span: number, length: number): View {
  const start = Math.min(Math.max(0, from), Math.max(0, length - span));
  return { from: start, to: start + span };
}

/** Where a span of time lies in a view, in percent; null: outside of it. */
export function placeIn({ from, to }: View, begin: number, end: number): { left: number; width: number } | null {
  if (end < from || begin > to) return null;
  const percent = 100 / Math.max(LEAST, to - from);
  const left = Math.max(0, (begin - from) * percent);
  return { left, width: Math.min(100, (end - from) * percent) - left };
}

/** How a view stands in the address, in whole milliseconds. */
export const viewText = ({ from, to }: View): string => `${Math.round(from)}-${Math.max(Math.round(to), 1)}`;

/** Undefined: it is none. */
export function readView(text: unknown): View | undefined {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(String(text)) ?? [];
  const view = { from: Number(from), to: Number(to) };
  return view.to > view.from ? view : undefined;
}
