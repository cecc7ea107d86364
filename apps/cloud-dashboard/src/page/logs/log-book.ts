import { SEALED_TEXT_BEGINNING } from "@weir/protocol/sealed-form";
import { type Answered, emptied, extended, filled, isDue, type LogExtent, type Segment } from "./segments.ts";

/** Asks for lines of an attempt after a number and before another, both left out. @throws Refused */
export type AskLines = (attempt: number, after: number, before: number, signal: AbortSignal) => Promise<Answered>;

/** What a view draws. Another one whenever something changed. */
export interface LogBookView {
  readonly segments: readonly Segment[];
  /** Why lines could not be had; null: all went well. */
  readonly error: unknown;
  /** Lines that were sealed are among those seen. */
  readonly hasSealed: boolean;
}

/** Spans whose lines are kept: 20,000 lines and more on both sides of what is seen. */
const MOST_KEPT = 200;
/** Questions at once. */
const MOST_ASKED = 3;

/** The lines of a run with one filter: those that are looked at are asked for, those far away are dropped. */
export class LogBook {
  readonly #ask: AskLines;
  readonly #span: number;
  readonly #mostKept: number;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  /** Keys of spans that are asked for now. */
  readonly #asked = new Set<string>();
  #lasts = new Map<number, number>();
  #wanted: readonly string[] = [];
  #view: LogBookView = { segments: [], error: null, hasSealed: false };

  constructor(ask: AskLines, span: number, mostKept: number = MOST_KEPT) {
    this.#ask = ask;
    this.#span = span;
    this.#mostKept = mostKept;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly view = (): LogBookView => this.#view;

  /** Where lines are now: an attempt goes on, or another one began. */
  setExtents(extents: readonly LogExtent[]): void {
    this.#lasts = new Map(extents.map(({ attempt, last }) => [attempt, last]));
    const segments = extended(this.#view.segments, extents, this.#span);
    if (segments.length !== this.#view.segments.length) this.#show({ segments });
    this.#askWanted();
  }

  /** These spans are seen, in the order of the list. */
  want(keys: readonly string[]): void {
    this.#wanted = keys;
    this.#askWanted();
    this.#dropFar();
  }

  /** After an error. */
  again(): void {
    this.#show({ error: null });
    this.#askWanted();
  }

  close(): void {
    this.#stop.abort();
  }

  #askWanted(): void {
    if (this.#view.error !== null) return;
    const wanted = new Set(this.#wanted);
    for (const segment of this.#view.segments) {
      if (this.#asked.size >= MOST_ASKED) return;
      if (wanted.has(segment.key) && this.#isDue(segment) && !this.#asked.has(segment.key)) void this.#fill(segment);
    }
  }

  #isDue(segment: Segment): boolean {
    return isDue(segment, this.#lastOf(segment));
  }

  #lastOf({ attempt }: Segment): number {
    return this.#lasts.get(attempt) ?? 0;
  }

  async #fill(segment: Segment): Promise<void> {
    this.#asked.add(segment.key);
    const last = this.#lastOf(segment);
    try {
      const answered = await this.#ask(segment.attempt, segment.until, segment.to, this.#stop.signal);
      const hasSealed =
        this.#view.hasSealed || answered.lines.some(({ text }) => text.startsWith(SEALED_TEXT_BEGINNING));
      this.#show({ segments: this.#replaced(segment.key, (own) => filled(own, answered, last)), hasSealed });
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#show({ error });
    } finally {
      this.#asked.delete(segment.key);
      this.#askWanted();
    }
  }

  #dropFar(): void {
    const { segments } = this.#view;
    const there = segments.filter(({ lines }) => lines !== null);
    if (there.length <= this.#mostKept) return;
    const middle = segments.findIndex(({ key }) => key === this.#wanted[Math.floor(this.#wanted.length / 2)]);
    const places = new Map(segments.map(({ key }, index) => [key, Math.abs(index - middle)]));
    const far = there
      .toSorted((a, b) => (places.get(b.key) ?? 0) - (places.get(a.key) ?? 0))
      .slice(0, there.length - this.#mostKept)
      .map(({ key }) => key);
    const dropped = new Set(far.filter((key) => !this.#wanted.includes(key) && !this.#asked.has(key)));
    this.#show({ segments: segments.map((segment) => (dropped.has(segment.key) ? emptied(segment) : segment)) });
  }

  #replaced(key: string, change: (segment: Segment) => readonly Segment[]): Segment[] {
    return this.#view.segments.flatMap((segment) => (segment.key === key ? change(segment) : [segment]));
  }

  #show(change: Partial<LogBookView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
