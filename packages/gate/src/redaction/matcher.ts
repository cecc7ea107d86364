const TABLE = 1 << 16;
/** Three characters, spread over the table. Collisions only cost a look. */
const hash = (a: number, b: number, c: number): number => ((a << 10) ^ (b << 5) ^ c) & (TABLE - 1);
const BLOCK = 3;
const LONGEST_WINDOW = 64;

const NOTHING: readonly Found[] = [];

/** Start and end of a place. */
export type Found = [start: number, end: number];

/**
 * One pass over a text for strings of about one length: a window as long as the shortest of them (Wu and Manber, 1994), which jumps as far as the three
 * characters at its end allow. With two characters, as they have it, a thousand strings fill the table, and it hardly jumps: half the speed.
 * Aho and Corasick's automaton looks at every character, and its table for a thousand strings is larger than a processor's cache.
 */
class Table {
  readonly #needles = new Set<string>();
  /** 0: there is nothing to find. */
  #window = 0;
  #jump = new Uint8Array(0);
  /** The strings whose first window ends with these three characters. */
  #ending = new Map<number, string[]>();

  add(needles: readonly string[]): void {
    const fresh = needles.filter((needle) => !this.#needles.has(needle));
    for (const needle of fresh) this.#needles.add(needle);
    const shortest = fresh.reduce((least, needle) => Math.min(least, needle.length), LONGEST_WINDOW);
    if (fresh.length > 0 && (this.#window === 0 || shortest < this.#window)) this.#rebuild(shortest);
    else for (const needle of fresh) this.#place(needle);
  }

  #rebuild(window: number): void {
    this.#window = window;
    this.#jump = new Uint8Array(TABLE).fill(window - BLOCK + 1);
    this.#ending = new Map();
    for (const needle of this.#needles) this.#place(needle);
  }

  #place(needle: string): void {
    for (let end = BLOCK; end <= this.#window; end += 1) {
      const block = blockBefore(needle, end);
      this.#jump[block] = Math.min(this.#jump[block] ?? 0, this.#window - end);
    }
    const last = blockBefore(needle, this.#window);
    const ending = this.#ending.get(last);
    if (ending) ending.push(needle);
    else this.#ending.set(last, [needle]);
  }

  /** Start and end of each place that holds one of the strings; overlapping finds are one place. In order. */
  find(text: string): readonly Found[] {
    const window = this.#window;
    if (window === 0 || text.length < window) return NOTHING;
    const jumps = this.#jump;
    let found: Found[] | null = null;
    for (let at = window; at <= text.length;) {
      const jump = jumps[hash(text.charCodeAt(at - 3), text.charCodeAt(at - 2), text.charCodeAt(at - 1))] ?? 1;
      if (jump === 0) found = this.#look(text, at, found);
      // By one, not past a find: a second secret may begin inside the first, and half of it would be left.
      at += jump === 0 ? 1 : jump;
    }
    return found ?? NOTHING;
  }

  #look(text: string, at: number, found: Found[] | null): Found[] | null {
    const start = at - this.#window;
    const first = text.charCodeAt(start);
    let end = 0;
    for (const needle of this.#ending.get(blockBefore(text, at)) ?? []) {
      const isLonger = start + needle.length > end;
      if (isLonger && needle.charCodeAt(0) === first && text.startsWith(needle, start)) end = start + needle.length;
    }
    if (end === 0) return found;
    const last = found?.at(-1);
    if (found && last && start <= last[1]) {
      last[1] = Math.max(last[1], end);
      return found;
    }
    if (found === null) return [[start, end]];
    found.push([start, end]);
    return found;
  }
}

/** Strings shorter than this are looked for in a pass of their own: one short password must not shorten the window of all others. */
const SHORT = 14;

/** Finds many fixed strings in a text at once. */
export class Matcher {
  readonly #short = new Table();
  readonly #long = new Table();

  /** @param needles of at least three characters; shorter ones are passed over */
  add(needles: readonly string[]): void {
    this.#short.add(needles.filter(({ length }) => length >= BLOCK && length < SHORT));
    this.#long.add(needles.filter(({ length }) => length >= SHORT));
  }

  /** Start and end of each place that holds one of the strings. Places may overlap. */
  find(text: string): readonly Found[] {
    const long = this.#long.find(text);
    const short = this.#short.find(text);
    if (short.length === 0) return long;
    return long.length === 0 ? short : [...long, ...short];
  }
}

function blockBefore(text: string, end: number): number {
  return hash(text.charCodeAt(end - 3), text.charCodeAt(end - 2), text.charCodeAt(end - 1));
}
