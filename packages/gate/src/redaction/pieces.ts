import { SHORTEST_SECRET } from "./shapes.ts";
import type { Found } from "./matcher.ts";

/**
 * Pieces of a secret from this length on are struck out where a text begins or ends. Shorter, and every tenth text would lose a
 * bit that only looks like a secret's: 50 secrets have 100,000 pieces of six characters.
 */
export const PIECE = SHORTEST_SECRET;

const SMALLEST = 1 << 20;
/** With 32 bits for each piece and four of them set, one in 5,000 texts is looked at for nothing. */
const BITS_PER_PIECE = 32;
/** What a text looks like that was cut to its limit before the gate saw it: the end of what is left is an end as any other. */
const CUT = " … [cut by Weir: ";
const KEPT_PLACES = 10_000;
const SPACE = 32;
const NOTHING: readonly Found[] = [];

/** Where a piece of six characters stands in a needle. */
interface Place {
  readonly needle: string;
  readonly at: number;
}

function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let i = at; i < at + PIECE; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) + 0x9e3779b9;
  return hash ^ (hash >>> 15);
}

/**
 * Finds pieces of fixed strings where a text begins or ends: what is left of a secret that was parted between two log lines, two events or
 * two reports, or cut off at a limit. A Bloom filter of all their pieces decides nearly always, in about 20 ns.
 */
export class Pieces {
  readonly #needles: string[] = [];
  #pieces = 0;
  #filter = new Uint32Array(0);
  readonly #places = new Map<string, readonly Place[]>();

  add(needles: readonly string[]): void {
    this.#places.clear();
    // One by one: as arguments of one call, a hundred thousand would not fit on the stack.
    for (const needle of needles) this.#needles.push(needle);
    for (const needle of needles) this.#pieces += Math.max(0, needle.length - PIECE + 1);
    const bits = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(this.#pieces * BITS_PER_PIECE)));
    const isTooSmall = bits > this.#filter.length * 32;
    if (isTooSmall) this.#filter = new Uint32Array(bits / 32);
    for (const needle of isTooSmall ? this.#needles : needles) this.#mark(needle);
  }

  #mark(needle: string): void {
    const last = this.#filter.length - 1;
    for (let at = 0; at + PIECE <= needle.length; at += 1) {
      const hash = hashAt(needle, at);
      for (let turn = 0, bit = hash; turn < 4; turn += 1, bit = Math.imul(bit, 0x85ebca6b) ^ (bit >>> 13)) {
        const word = (bit >>> 5) & last;
        this.#filter[word] = (this.#filter[word] ?? 0) | (1 << (bit & 31));
      }
    }
  }

  #mayHold(text: string, at: number): boolean {
    const last = this.#filter.length - 1;
    let bit = hashAt(text, at);
    for (let turn = 0; turn < 4; turn += 1, bit = Math.imul(bit, 0x85ebca6b) ^ (bit >>> 13)) {
      if (((this.#filter[(bit >>> 5) & last] ?? 0) & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }

  #placesOf(piece: string): readonly Place[] {
    const known = this.#places.get(piece);
    if (known) return known;
    const places: Place[] = [];
    for (const needle of this.#needles)
      for (let at = needle.indexOf(piece); at !== -1; at = needle.indexOf(piece, at + 1)) places.push({ needle, at });
    if (this.#places.size >= KEPT_PLACES) this.#places.clear();
    this.#places.set(piece, places);
    return places;
  }

  /** The same for each line of a text, without the white space around it. */
  ofLines(text: string): readonly Found[] {
    if (this.#pieces === 0) return NOTHING;
    const cut = text.endsWith("]") ? text.lastIndexOf(CUT) : -1;
    const length = cut === -1 ? text.length : cut;
    let found = NOTHING;
    for (let from = 0; from < length;) {
      const newline = text.indexOf("\n", from);
      const to = newline === -1 ? length : Math.min(newline, length);
      const inLine = this.#ofLine(text, from, to);
      if (inLine.length > 0) found = [...found, ...inLine];
      from = to + 1;
    }
    return found;
  }

  #ofLine(text: string, from: number, to: number): readonly Found[] {
    let start = from;
    let end = to;
    while (start < end && text.charCodeAt(start) <= SPACE) start += 1;
    while (end > start && text.charCodeAt(end - 1) <= SPACE) end -= 1;
    return this.find(text, start, end);
  }

  /**
   * What between two offsets of a text is a piece: the end of a needle at the beginning, the beginning of one at the end, or all of it, if
   * it stands in the midst of one.
   */
  find(text: string, from: number, to: number): readonly Found[] {
    if (this.#pieces === 0 || to - from < PIECE) return NOTHING;
    const begins = this.#mayHold(text, from) ? this.#atBeginning(text, from, to) : from;
    if (begins === to) return [[from, to]];
    const ends = this.#mayHold(text, to - PIECE) ? this.#atEnd(text, from, to) : to;
    if (begins === from && ends === to) return NOTHING;
    return [[from, begins] as Found, [ends, to] as Found].filter(([start, end]) => start < end);
  }

  /** Where the piece ends that the text begins with. */
  #atBeginning(text: string, from: number, to: number): number {
    let end = from;
    for (const { needle, at } of this.#placesOf(text.slice(from, from + PIECE))) {
      const length = Math.min(needle.length - at, to - from);
      if (from + length > end && text.startsWith(needle.slice(at, at + length), from)) end = from + length;
    }
    return end;
  }

  #atEnd(text: string, from: number, to: number): number {
    let start = to;
    for (const { needle, at } of this.#placesOf(text.slice(to - PIECE, to))) {
      const length = at + PIECE;
      if (length > to - start && length <= to - from && text.startsWith(needle.slice(0, length), to - length))
        start = to - length;
    }
    return start;
  }
}
