import type { Found } from "./matcher.ts";

/** A stretch of one of several texts, and where it stands when they are put together. */
interface Stretch {
  readonly index: number;
  readonly from: number;
  readonly at: number;
}

/** A place in one of several texts. */
export interface Place {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** A stretch before it is known where it will stand. */
type Part = Omit<Stretch, "at"> & { readonly text: string };

/** Several texts put together, so that what one search finds can be found again in each of them. */
export interface Together {
  readonly text: string;
  /** Made only when something was found, which is rare. */
  readonly stretches: () => readonly Stretch[];
}

/** White space around a line's end, also one that was written as `\n` because the text is a JSON or a source text. */
const FOLD = /[ \t]*(?:\\+r\\+n|\\+n|\r\n|\r|\n)\s*/g;

function hasLineEnd(text: string): boolean {
  return text.includes("\n") || text.includes("\\n") || text.includes("\r");
}

function stretched(parts: readonly Part[]): readonly Stretch[] {
  let at = 0;
  return parts.map(({ index, from, text }) => {
    const stretch = { index, from, at };
    at += text.length;
    return stretch;
  });
}

/**
 * Texts one behind the other, without the white space at their borders: a secret may begin in one and go on in the next, which may be
 * indented. Where there was white space of its own at a border, it is not found again; its pieces may be.
 */
export function together(texts: readonly string[]): Together {
  const trimmed = texts.map((text) => text.trim());
  const parts = (): Part[] => trimmed.map((text, index) => ({ index, from: startOf(texts[index] ?? ""), text }));
  return { text: trimmed.join(""), stretches: () => stretched(parts()) };
}

/** Texts below each other, as they are. */
export function below(texts: readonly string[]): Together {
  const parts = (): Part[] => texts.map((text, index) => ({ index, from: 0, text: `${text}\n` }));
  return { text: texts.join("\n"), stretches: () => stretched(parts()) };
}

/**
 * The same as `together` without what stands at line ends inside of them, for base64 that was wrapped at 64 or 76 columns. Only texts that have lines,
 * and those beside them, in which a wrapped secret may begin or end; null when there are none.
 */
export function unfolded(texts: readonly string[], whole: Together): Together | null {
  if (!hasLineEnd(whole.text)) return null;
  const folded = texts.map(hasLineEnd);
  const parts = texts.flatMap((text, index) => {
    const isNear = folded[index] === true || folded[index - 1] === true || folded[index + 1] === true;
    return isNear ? partsOf(text, index) : [];
  });
  return { text: parts.map(({ text }) => text).join(""), stretches: () => stretched(parts) };
}

function startOf(text: string): number {
  return text.length - text.trimStart().length;
}

function partsOf(text: string, index: number): Part[] {
  const end = text.trimEnd().length;
  const parts: Part[] = [];
  let from = startOf(text);
  if (!hasLineEnd(text)) return [{ index, from, text: text.trim() }];
  for (const fold of text.slice(0, end).matchAll(FOLD)) {
    if (fold.index > from) parts.push({ index, from, text: text.slice(from, fold.index) });
    from = Math.max(from, fold.index + fold[0].length);
  }
  return [...parts, { index, from, text: text.slice(from, end) }];
}

/** Which stretch holds an offset. */
function stretchAt(stretches: readonly Stretch[], offset: number): number {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((stretches[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What places in texts put together are in each of the texts. */
export function placesOf(whole: Together, found: readonly Found[]): Place[] {
  if (found.length === 0) return [];
  const stretches = whole.stretches();
  const places: Place[] = [];
  for (const [start, end] of found)
    for (let i = stretchAt(stretches, start); i < stretches.length; i += 1) {
      const stretch = stretches[i];
      if (stretch === undefined || stretch.at >= end) break;
      const shift = stretch.from - stretch.at;
      const until = Math.min(end, stretches[i + 1]?.at ?? whole.text.length) + shift;
      const place = { index: stretch.index, start: Math.max(start, stretch.at) + shift, end: until };
      if (place.start < place.end) places.push(place);
    }
  return places;
}
