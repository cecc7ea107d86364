import type { Place } from "./folds.ts";

const BORDER = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** An RSA key of 16,384 bits has 12,500 characters. */
const LONGEST_KEY = 16 * 1024;
/** What follows a key's first line when its last one is not in the same text: words of base64, parted by white space or by what was once a line's end. */
const REST = /(?:(?:\s|\\+[nr])+[A-Za-z0-9+/=]{16,})*(?:(?:\s|\\+[nr])+[A-Za-z0-9+/=]+(?=\s*(?:$|…)))?/y;
/** A line of a key: one word of base64, a header of the old encrypted form, or nothing. */
const KEY_LINE = /^\s*(?:[A-Za-z0-9+/=]{1,100}|(?:Proc-Type|DEK-Info|Comment|Version): .{0,100})?\s*$/;
const LINE_END = /\\+[nr]|\r?\n/;

/** Whether a text may hold the first or the last line of a private key in PEM. */
export function mayHoldKey(text: string): boolean {
  return text.includes("PRIVATE KEY");
}

function isOfKey(text: string): boolean {
  return text.length <= LONGEST_KEY && text.split(LINE_END).every((line) => KEY_LINE.test(line));
}

/** Finds private keys in texts that follow each other, as a key does that was written to a log line by line. */
class KeySearch {
  readonly #texts: readonly string[];
  readonly #places: Place[] = [];
  /** A key was begun in the text before, and its end has not come. */
  #begun = false;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  find(): readonly Place[] {
    for (const [index, text] of this.#texts.entries()) {
      const borders = mayHoldKey(text) ? [...text.matchAll(BORDER)] : [];
      const first = borders[0];
      if (this.#begun) this.#goOn(index, first?.index ?? text.length);
      if (first?.[1] === "END") this.#comeBack(index, first.index, first.index + first[0].length);
      for (const [i, border] of borders.entries())
        if (border[1] === "BEGIN") this.#begin(index, border, borders[i + 1]);
    }
    return this.#places;
  }

  #strike(index: number, start: number, end: number): void {
    this.#places.push({ index, start, end });
  }

  #goOn(index: number, until: number): void {
    const text = this.#texts[index] ?? "";
    const isMore = isOfKey(text.slice(0, until));
    if (isMore) this.#strike(index, 0, until);
    this.#begun = isMore && until === text.length;
  }

  #begin(index: number, border: RegExpExecArray, next: RegExpExecArray | undefined): void {
    const text = this.#texts[index] ?? "";
    const end = next?.[1] === "END" ? next.index + next[0].length : Number.POSITIVE_INFINITY;
    this.#begun = false;
    if (end - border.index <= LONGEST_KEY) return this.#strike(index, border.index, end);
    REST.lastIndex = border.index + border[0].length;
    REST.test(text);
    this.#strike(index, border.index, REST.lastIndex);
    this.#begun = text.slice(REST.lastIndex).trim() === "";
  }

  /** A last line without a first one: the key was begun in an earlier report, and what stands before it is a part of it. */
  #comeBack(index: number, start: number, end: number): void {
    const isMore = isOfKey((this.#texts[index] ?? "").slice(0, start));
    this.#strike(index, isMore ? 0 : start, end);
    if (!isMore) return;
    for (let i = index - 1; i >= 0; i -= 1) {
      const text = this.#texts[i] ?? "";
      if (text === "" || !isOfKey(text)) return;
      this.#strike(i, 0, text.length);
    }
  }
}

/** Where private keys in PEM stand, also those that go over several texts. */
export function privateKeysIn(texts: readonly string[]): readonly Place[] {
  return new KeySearch(texts).find();
}
