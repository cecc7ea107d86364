/** Decides which child of a mapped run begins next: in the order of the list, or as their inputs come; never too many at once. */
export class Turns {
  readonly #count: number;
  readonly #maxRunning: number;
  /** Indexes whose inputs are there; null: all of them are. */
  readonly #ready: number[] | null;
  #begun = 0;
  #running = 0;

  /** `allReady`: no input comes later than another; else `arrived` tells of each. */
  constructor(count: number, maxRunning: number, allReady: boolean) {
    this.#count = count;
    this.#maxRunning = maxRunning;
    this.#ready = allReady ? null : [];
  }

  arrived(index: number): void {
    this.#ready?.push(index);
  }

  get hasNext(): boolean {
    return this.#running < this.#maxRunning && this.#begun < (this.#ready?.length ?? this.#count);
  }

  /** The next index; it counts as running until `ended`. */
  next(): number {
    const index = this.#ready === null ? this.#begun : (this.#ready[this.#begun] ?? 0);
    this.#begun += 1;
    this.#running += 1;
    return index;
  }

  ended(): void {
    this.#running -= 1;
  }

  /** Nothing runs; when nothing will begin either, all are over. */
  get isIdle(): boolean {
    return this.#running === 0;
  }

  get isOver(): boolean {
    return this.isIdle && this.#begun === this.#count;
  }
}
