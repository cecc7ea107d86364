/**
 * How many steps a backtracking matcher may need for a regular expression, at worst. Counted, not tried: a pattern that takes a second for 30
 * letters takes an hour for 40. Never less than it is, often more.
 */

/** What a part of a pattern costs on a text of a given length. */
interface Cost {
  /** Ways in which it may match from one place: each is gone when what follows does not match. */
  readonly ways: number;
  /** Steps until all of its ways were gone. */
  readonly steps: number;
  /** Letters that it takes at least. */
  readonly width: number;
}

const PLACE: Cost = { ways: 1, steps: 1, width: 0 };
const LETTER: Cost = { ways: 1, steps: 1, width: 1 };
const UNKNOWN: Cost = { ways: Infinity, steps: Infinity, width: 0 };

/** @returns steps at worst; Infinity for what is not understood */
export function stepsOf(pattern: string, length: number): number {
  const reader = new Reader(pattern, length);
  const first = reader.sequence();
  // Without an anchor it is tried from each letter on.
  const begins = pattern.startsWith("^") && reader.isOver ? 1 : length + 1;
  const { steps } = reader.alternatives(first);
  return reader.isOver ? begins * steps : Infinity;
}

/** Reads the syntax of `new RegExp(…, "u")`, which is known to take the pattern. */
class Reader {
  readonly #pattern: string;
  readonly #length: number;
  #at = 0;

  constructor(pattern: string, length: number) {
    this.#pattern = pattern;
    this.#length = length;
  }

  get isOver(): boolean {
    return this.#at >= this.#pattern.length;
  }

  alternatives(first: Cost = this.sequence()): Cost {
    let all = first;
    while (this.#take("|")) {
      const next = this.sequence();
      all = { ways: all.ways + next.ways, steps: all.steps + next.steps, width: Math.min(all.width, next.width) };
    }
    return all;
  }

  sequence(): Cost {
    let all = PLACE;
    while (!this.isOver && !"|)".includes(this.#next)) {
      const part = this.#repeated(this.#part());
      all = {
        ways: all.ways * part.ways,
        steps: all.steps + all.ways * part.steps,
        width: all.width + part.width,
      };
    }
    return all;
  }

  get #next(): string {
    return this.#pattern.charAt(this.#at);
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#pattern)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #part(): Cost {
    if (this.#match(/\(\?<?[=!]/y) !== undefined) return { ...PLACE, steps: this.#group().steps };
    if (this.#match(/\((?:\?(?::|<[^>]*>|[a-z-]*:))?/y) !== undefined) return this.#group();
    if (this.#match(/[\^$]|\\[bB]/y) !== undefined) return PLACE;
    // What was matched before, once more.
    if (this.#match(/\\(?:[1-9]\d*|k<[^>]*>)/y) !== undefined) return { ...PLACE, steps: this.#length + 1 };
    if (this.#match(/\[(?:[^\\\]]|\\.)*\]|\\(?:[pPu]\{[^}]*\}|x..|u....|c.|.)|[^\\]/suy) !== undefined) return LETTER;
    return UNKNOWN;
  }

  #group(): Cost {
    const inner = this.alternatives();
    return this.#take(")") ? inner : UNKNOWN;
  }

  #repeated(part: Cost): Cost {
    const [least, most] = this.#times();
    if (least === 1 && most === 1) return part;
    // Once nothing was taken, a repetition ends; before that, each takes what it is wide.
    const fit = part.width > 0 ? Math.floor(this.#length / part.width) + 1 : this.#length + least + 1;
    const times = Math.min(most, fit);
    const tried = sumOfPowers(part.ways, times);
    const ways = part.ways === 1 ? Math.max(1, times - least + 1) : tried;
    return { ways, steps: tried * (part.steps + 1), width: least * part.width };
  }

  #times(): readonly [least: number, most: number] {
    const found = this.#match(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/y);
    if (found === undefined) return [1, 1];
    if (found.startsWith("*")) return [0, Infinity];
    if (found.startsWith("+")) return [1, Infinity];
    if (found.startsWith("?")) return [0, 1];
    const [, least = "", comma, most = ""] = /\{(\d+)(,?)(\d*)\}/.exec(found) ?? [];
    if (comma === "") return [Number(least), Number(least)];
    return [Number(least), most === "" ? Infinity : Number(most)];
  }
}

/** 1 + b + b² + … */
function sumOfPowers(base: number, most: number): number {
  if (base === 1 || most === 0) return most + 1;
  return base === Infinity ? Infinity : (base ** (most + 1) - 1) / (base - 1);
}
