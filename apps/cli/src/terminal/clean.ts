import { stripVTControlCharacters } from "node:util";

/** Every control character (C0, DEL, C1) but line feed and tab. */
const CONTROLS = /[^\P{Cc}\n\t]/gu;
/** Line separators, marks that reverse the direction of text (`gpj.exe` would read as `exe.jpg`), and those without width. */
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Makes a text that somebody else wrote safe to print: it can neither move the cursor, nor colour, nor reorder. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROLS, "").replace(INVISIBLE, "");
}

/** The same on one line. */
export function cleanLine(text: string): string {
  return clean(text.replaceAll(/\r\n|\n|\r|\t/g, " "));
}

/** Every text inside a value, cleaned: what the server supplied is cleaned once, where it arrives. */
export function cleanDeep<T>(value: T): T {
  if (typeof value === "string") return clean(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => cleanDeep(item)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), cleanDeep(inner)])) as T;
}
