/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

/** A place of a text that is struck out, and what stands there instead. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly mark: string;
}

/** In order, with those that touch or overlap made one; such a one has its own mark only if all have the same. */
function merged(spans: readonly Span[]): Span[] {
  const ordered = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const whole: Span[] = [];
  for (const span of ordered) {
    const last = whole.at(-1);
    if (last === undefined || span.start > last.end || (span.start === last.end && span.mark !== last.mark)) {
      whole.push(span);
      continue;
    }
    const mark = span.mark === last.mark ? last.mark : REDACTED;
    whole[whole.length - 1] = { start: last.start, end: Math.max(last.end, span.end), mark };
  }
  return whole;
}

/** The text with its spans struck out; the very same string when there are none. Spans may overlap, in any order. */
export function strikeOut(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let kept = "";
  let from = 0;
  for (const { start, end, mark } of merged(spans)) {
    kept += text.slice(from, start) + mark;
    from = end;
  }
  return kept + text.slice(from);
}
