import type { Where } from "../store.ts";

/** A result on its way to the disk. */
export interface Encoded {
  readonly where: Where;
  /** JSON as text, anything else with its label before it. */
  readonly stored: string | Buffer;
}

/** Where a value's own bytes lie in its file. */
export interface Span {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Puts many small results into one file: a line of JSON each, which says whose it is and can be read by itself. What is not JSON stands
 * as it is on the line after.
 * @example {"task":"stats","number":7,"mapIndex":2,"try":1,"value":{"mean":3}}
 */
export function packOf(results: readonly Encoded[]): { content: Buffer; spans: Span[] } {
  const spans: Span[] = [];
  const parts: (string | Buffer)[] = [];
  let end = 0;
  for (const { where, stored } of results) {
    const { task, taskRunNumber: number, mapIndex, tryNumber, turn } = where;
    const facts = JSON.stringify({ task, number, mapIndex, try: tryNumber, turn });
    const isText = typeof stored === "string";
    const head = isText ? `${facts.slice(0, -1)},"value":` : `${facts}\n`;
    const tail = isText ? "}\n" : "\n";
    const offset = end + Buffer.byteLength(head);
    const bytes = Buffer.byteLength(stored);
    spans.push({ offset, bytes });
    parts.push(head, stored, tail);
    end = offset + bytes + tail.length;
  }
  return { content: joined(parts), spans };
}

/** One conversion for what is all text, as it nearly always is. */
function joined(parts: readonly (string | Buffer)[]): Buffer {
  if (parts.every((part) => typeof part === "string")) return Buffer.from(parts.join(""));
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/** What the end of a location says of the file: which bytes are meant, or how many it has in all. */
export type Extent = Span | { readonly offset: null; readonly bytes: number };

/** The end of a location that says which bytes of the file are meant. */
export function spanText({ offset, bytes }: Span): string {
  return `#${offset},${bytes}`;
}

/**
 * The end of the location of a file of its own: how many bytes it has, so that one that was cut off is noticed even where the rest
 * is good JSON (`123`, `12`). No digest: a location crosses the line, and what has a short value's digest can guess the value.
 */
export function sizeText(bytes: number): string {
  return `#${bytes}`;
}

/** What a location's end says; null: nothing, as with those that a template gives. @throws Error when it is none. */
export function extentOf(fragment: string): Extent | null {
  if (fragment === "") return null;
  const [, first, second] = /^#(\d{1,15})(?:,(\d{1,15}))?$/.exec(fragment) ?? [];
  if (first === undefined) throw new Error(`${JSON.stringify(fragment)} names no part of a file`);
  return second === undefined
    ? { offset: null, bytes: Number(first) }
    : { offset: Number(first), bytes: Number(second) };
}
