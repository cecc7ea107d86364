/** Whole numbers, kept as ranges: those of a run are nearly always one. */
export class NumberSet {
  /** Apart from each other, in order. */
  #ranges: [number, number][] = [];

  get size(): number {
    return this.#ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  /** The highest; 0 when there is none. */
  get last(): number {
    return this.#ranges.at(-1)?.[1] ?? 0;
  }

  /** Adds all from `first` to `last`. @returns how many of them were not there before */
  add(first: number, last: number): number {
    if (last < first) return 0;
    const before = this.size;
    const tail = this.#ranges.at(-1);
    // The usual case: the next batch.
    if (tail === undefined || first > tail[1] + 1) this.#ranges.push([first, last]);
    else if (first >= tail[0]) tail[1] = Math.max(tail[1], last);
    else this.#insert(first, last);
    return this.size - before;
  }

  #insert(first: number, last: number): void {
    const apart = this.#ranges.filter(([from, to]) => to < first - 1 || from > last + 1);
    const joined = this.#ranges.filter((range) => !apart.includes(range));
    const begin = Math.min(first, ...joined.map(([from]) => from));
    const end = Math.max(last, ...joined.map(([, to]) => to));
    this.#ranges = [...apart, [begin, end] as [number, number]].sort(([a], [b]) => a - b);
  }

  /** Those that are not in the other. */
  without(other: NumberSet): NumberSet {
    const left = new NumberSet();
    for (const [first, last] of this.#ranges) {
      let from = first;
      for (const [begin, end] of other.#ranges) {
        if (end < from || begin > last) continue;
        left.add(from, begin - 1);
        from = end + 1;
      }
      left.add(from, last);
    }
    return left;
  }

  /** Those that are lower. */
  below(limit: number): NumberSet {
    const lower = new NumberSet();
    for (const [first, last] of this.#ranges) lower.add(first, Math.min(last, limit - 1));
    return lower;
  }

  /** For people: `1 to 8, 10`. */
  ranges(): string {
    return this.#ranges.map(([first, last]) => (first === last ? String(first) : `${first} to ${last}`)).join(", ");
  }
}
