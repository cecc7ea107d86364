import { hash } from "node:crypto";
import type { Content } from "./content.ts";
import { StoreError } from "./store.ts";

/** What a stored result says of itself, beside it (an object's metadata) or before it (a file's first line). It stays with the result. */
export interface Label {
  /** Name of the serializer that wrote it: another one would read garbage. */
  readonly serializer: string;
  readonly bytes: number;
  /** SHA-256 (hex) of what the serializer gave. Never part of a location: those cross the line, and the digest of a short value is guessed. */
  readonly sha256: string;
}

/** Neither JSON nor any of v8's formats begins like this. */
const MARK = Buffer.from("weir-result ");
/** A mark, a serializer's name, a size and a digest. */
const LONGEST_LINE = 256;

export function sizeOf(data: string | Uint8Array): number {
  return typeof data === "string" ? Buffer.byteLength(data) : data.byteLength;
}

export function labelOf({ data, serializer }: Content): Label {
  return { serializer, bytes: sizeOf(data), sha256: hash("sha256", data) };
}

/** @example "json+zstd 1204 9f86d081…" */
export function labelText({ serializer, bytes, sha256 }: Label): string {
  return `${serializer} ${bytes} ${sha256}`;
}

/** Reads what `labelText` wrote; null when it is something else. */
export function readLabel(text: string): Label | null {
  const [, serializer, bytes, sha256] = /^([A-Za-z0-9._+-]{1,100}) (\d{1,15}) ([0-9a-f]{64})$/.exec(text) ?? [];
  if (serializer === undefined || sha256 === undefined) return null;
  return { serializer, bytes: Number(bytes), sha256 };
}

/** A stored result is not what was written. `how` ends a sentence. */
export function truncatedError(place: string, how: string): StoreError {
  return new StoreError(
    "RESULT_TRUNCATED",
    `The result ${place} is not what was written: ${how}. Bring the whole one back, or start a new run.`,
  );
}

/** @throws StoreError `RESULT_TRUNCATED` when the bytes are not those that were labelled. */
export function checkedContent(label: Label, data: Uint8Array, place: string): Content {
  if (data.byteLength < label.bytes)
    throw truncatedError(place, `of its ${label.bytes} bytes, ${data.byteLength} are there; it was cut off`);
  if (data.byteLength > label.bytes)
    throw truncatedError(place, `it had ${label.bytes} bytes and has ${data.byteLength}; it was changed or replaced`);
  if (hash("sha256", data) !== label.sha256)
    throw truncatedError(place, "its SHA-256 differs; it was changed or replaced");
  return { data, serializer: label.serializer };
}

/** A file that says what it is: a line with the label, then the bytes as they are. For places that keep no metadata. */
export function withLabel(content: Content): Buffer {
  return Buffer.concat([MARK, Buffer.from(`${labelText(labelOf(content))}\n`), Buffer.from(content.data)]);
}

export function hasLabel(bytes: Uint8Array): boolean {
  // The first byte settles it for nearly all: no JSON begins with a `w`.
  return bytes[0] === MARK[0] && MARK.equals(bytes.subarray(0, MARK.length));
}

/** Reads what `withLabel` wrote. @throws StoreError `RESULT_TRUNCATED` */
export function takeLabel(bytes: Uint8Array, place: string): Content {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, LONGEST_LINE));
  const end = line.indexOf("\n");
  const label = end === -1 ? null : readLabel(line.toString("latin1", MARK.length, end));
  if (label === null) throw truncatedError(place, "its first line does not say what it is");
  return checkedContent(label, bytes.subarray(end + 1), place);
}
