import type { Sink } from "./sink.ts";

/** Something that can go on. */
export interface Startable {
  start(): void;
}

/**
 * Starts between two turns of the event loop. Awaited tasks that never wait for anything would otherwise run in microtasks for
 * ever: no event would be sent, no cancel heard. 128 trivial starts take about 1 ms; a turn costs about 1 µs.
 */
const SLICE_STARTS = 128;
/** Tasks that compute instead of waiting give way sooner. */
const SLICE_MS = 5;

/** A queue that never runs empty would keep all that it ever held. */
const FORGET_AFTER = 1_024;

/** What is ready to go on, first come first served, in slices, and only while the events can be taken. */
export class ReadyQueue {
  readonly #sink: Pick<Sink, "open" | "onOpen">;
  #items: Startable[] = [];
  #next = 0;
  #scheduled = false;
  #held = false;
  #starts = 0;
  #sliceBegan = 0;

  constructor(sink: Pick<Sink, "open" | "onOpen">) {
    this.#sink = sink;
  }

  push(item: Startable): void {
    this.#items.push(item);
    if (!this.#scheduled && !this.#held) this.#schedule();
  }

  /** A person has paused the run: nothing more begins until that is taken back. */
  hold(held: boolean): void {
    this.#held = held;
    if (!held && !this.#scheduled && !this.isEmpty) this.#schedule();
  }

  get isHeld(): boolean {
    return this.#held;
  }

  get isEmpty(): boolean {
    return this.#items.length === this.#next;
  }

  #schedule(): void {
    this.#scheduled = true;
    if (!this.#sink.open) this.#sink.onOpen(this.#freshSlice);
    else if (this.#isFull()) setImmediate(this.#freshSlice);
    else queueMicrotask(this.#slice);
  }

  #isFull(): boolean {
    if (this.#starts >= SLICE_STARTS) return true;
    return this.#starts > 0 && performance.now() - this.#sliceBegan > SLICE_MS;
  }

  readonly #freshSlice = (): void => {
    this.#starts = 0;
    this.#slice();
  };

  readonly #slice = (): void => {
    if (this.#starts === 0) this.#sliceBegan = performance.now();
    for (;;) {
      const item = this.#items[this.#next];
      if (item === undefined) return this.#emptied();
      if (this.#held) return this.#stopped();
      if (!this.#sink.open || this.#isFull()) return this.#schedule();
      this.#starts += 1;
      this.#next += 1;
      if (this.#next > FORGET_AFTER && this.#next * 2 > this.#items.length) this.#forget();
      item.start();
    }
  };

  #stopped(): void {
    this.#scheduled = false;
  }

  #forget(): void {
    this.#items = this.#items.slice(this.#next);
    this.#next = 0;
  }

  #emptied(): void {
    this.#items = [];
    this.#next = 0;
    this.#scheduled = false;
  }
}
