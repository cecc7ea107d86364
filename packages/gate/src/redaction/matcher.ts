const TABLE = 8_192;
const hash = (a: number, b: number): number => ((a << 5) ^ b) & (TABLE - 1);

/**
 * Finds many fixed strings in a text at once (Wu and Manber, 1994): a window as long as the shortest string, which jumps as
 * far as the two characters at its end allow. A regular expression of all the shapes costs about 20 times as much per line.
 */
export class Matcher {
  readonly #window: number;
  readonly #jump: Uint16Array;
  /** The strings whose first window ends with this pair of characters. */
  readonly #ending: (string[] | undefined)[];

  /** @param needles strings of at least two characters */
  constructor(needles: readonly string[]) {
    this.#window = Math.min(65_535, ...needles.map((needle) => needle.length));
    this.#jump = new Uint16Array(TABLE).fill(Math.max(1, this.#window - 1));
    this.#ending = Array.from({ length: TABLE });
    for (const needle of needles) this.#add(needle);
  }

  #add(needle: string): void {
    for (let end = 2; end <= this.#window; end += 1) {
      const pair = hash(needle.charCodeAt(end - 2), needle.charCodeAt(end - 1));
      this.#jump[pair] = Math.min(this.#jump[pair] ?? 0, this.#window - end);
    }
    const last = hash(needle.charCodeAt(this.#window - 2), needle.charCodeAt(this.#window - 1));
    (this.#ending[last] ??= []).push(needle);
  }

  /** Start and end of each place that holds one of the strings; overlapping finds are one place. In order. */
  find(text: string): [start: number, end: number][] {
    const found: [number, number][] = [];
    for (let at = this.#window; at <= text.length;) {
      const pair = hash(text.charCodeAt(at - 2), text.charCodeAt(at - 1));
      const jump = this.#jump[pair] ?? 1;
      if (jump > 0) {
        at += jump;
        continue;
      }
      this.#collect(text, at - this.#window, this.#ending[pair] ?? [], found);
      // By one, not past the find: a second secret may begin inside the first, and half of it would be left.
      at += 1;
    }
    return found;
  }

  #collect(text: string, start: number, candidates: readonly string[], found: [number, number][]): void {
    let end = 0;
    for (const needle of candidates) {
      if (start + needle.length > end && text.startsWith(needle, start)) end = start + needle.length;
    }
    if (end === 0) return;
    const last = found.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
}
