import type { Where } from "./store.ts";

/** A value on its way to the disk. */
export interface Encoded {
  readonly where: Where;
  readonly text: string;
}

/** Where a value's own bytes lie in its pack. */
export interface Span {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Puts many small results into one file: a line of JSON each, which says whose it is and can be read by itself.
 * @example {"task":"stats","number":7,"mapIndex":2,"try":1,"value":{"mean":3}}
 */
export function packOf(results: readonly Encoded[]): { content: Buffer; spans: Span[] } {
  const spans: Span[] = [];
  const lines: string[] = [];
  let end = 0;
  for (const { where, text } of results) {
    const { task, taskRunNumber: number, mapIndex, tryNumber } = where;
    const head = `${JSON.stringify({ task, number, mapIndex, try: tryNumber }).slice(0, -1)},"value":`;
    const offset = end + Buffer.byteLength(head);
    const bytes = Buffer.byteLength(text);
    spans.push({ offset, bytes });
    lines.push(`${head}${text}}\n`);
    end = offset + bytes + 2;
  }
  return { content: Buffer.from(lines.join("")), spans };
}

/** The end of a location that says which bytes of the file are meant. */
export function spanText({ offset, bytes }: Span): string {
  return `#${offset},${bytes}`;
}

/** The span that a location's end says; null: the whole file. @throws Error when it is none. */
export function spanOf(fragment: string): Span | null {
  if (fragment === "") return null;
  const [, offset, bytes] = /^#(\d{1,15}),(\d{1,15})$/.exec(fragment) ?? [];
  if (offset === undefined) throw new Error(`${JSON.stringify(fragment)} names no part of a file`);
  return { offset: Number(offset), bytes: Number(bytes) };
}
