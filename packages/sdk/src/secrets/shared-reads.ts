/** What reads at the same moment share, and what is kept for a while. */
export class SharedReads<T> {
  readonly #load: (key: string) => Promise<T>;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  readonly #reads = new Map<string, { readonly value: Promise<T>; doneAt: number | null }>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(load: (key: string) => Promise<T>, maxAgeMs: number, now: () => number = () => performance.now()) {
    this.#load = load;
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  read(key: string): Promise<T> {
    const before = this.#reads.get(key);
    const isFresh = before?.doneAt === null || (before !== undefined && this.#now() - before.doneAt < this.#maxAgeMs);
    return before !== undefined && isFresh ? before.value : this.#begin(key);
  }

  #begin(key: string): Promise<T> {
    const read: { readonly value: Promise<T>; doneAt: number | null } = { value: this.#load(key), doneAt: null };
    this.#reads.set(key, read);
    read.value.then(
      () => (read.doneAt = this.#now()),
      // A failure is never kept: whoever asks next asks the source.
      () => this.#reads.delete(key),
    );
    return read.value;
  }
}
