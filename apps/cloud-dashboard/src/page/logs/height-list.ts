/** Heights of the parts of a list, and where each begins. Those that were never measured are guessed. */
export class HeightList {
  readonly #measured = new Map<string, number>();
  #keys: readonly string[] = [];
  #indexes = new Map<string, number>();
  #known: readonly boolean[] = [];
  /** One more than there are parts: the last is the height of all. */
  #starts: readonly number[] = [0];

  get total(): number {
    return this.#starts.at(-1) ?? 0;
  }

  get count(): number {
    return this.#keys.length;
  }

  /** The parts, in their order. */
  set(parts: readonly { readonly key: string }[], guess: (index: number) => number): void {
    this.#keys = parts.map(({ key }) => key);
    this.#known = this.#keys.map((key) => this.#measured.has(key));
    this.#indexes = new Map(this.#keys.map((key, index) => [key, index]));
    const starts = [0];
    let end = 0;
    for (const [index, key] of this.#keys.entries()) starts.push((end += this.#measured.get(key) ?? guess(index)));
    this.#starts = starts;
  }

  /** Answers whether it is another height than before; it counts from the next `set` on. */
  measure(key: string, height: number): boolean {
    const isNew = this.#measured.get(key) !== height;
    this.#measured.set(key, height);
    return isNew;
  }

  /** Whether the height of a part was known when its place was found. */
  isMeasured(index: number): boolean {
    return this.#known[index] ?? false;
  }

  /** None is known any more, as when lines are broken otherwise. */
  forget(): void {
    this.#measured.clear();
  }

  startOf(index: number): number {
    return this.#starts[index] ?? this.total;
  }

  indexOf(key: string): number {
    return this.#indexes.get(key) ?? -1;
  }

  keyAt(index: number): string {
    return this.#keys[index] ?? "";
  }

  /** The part that is at a height: the last that begins there or above. */
  indexAt(offset: number): number {
    let [low, high] = [0, this.#keys.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
