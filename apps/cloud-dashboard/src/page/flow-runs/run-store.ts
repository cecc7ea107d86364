import type { RunTaskFragment } from "../generated/operations.ts";

/** A task run, as the page of its run knows it. */
export type TaskRow = RunTaskFragment;

/** How the page hears of a run: by a stream; by asking now and then; not at this moment; or there is nothing more to hear. */
export type RunLink = "connecting" | "live" | "polling" | "away" | "over";

/** All that is known of a run's task runs at one moment. A new one is made for each frame in which something changed, and none is changed. */
export interface RunSnapshot {
  /** By number. */
  readonly taskRuns: readonly TaskRow[];
  /** Of the run; 0 before anything was heard. */
  readonly stateVersion: number;
  readonly link: RunLink;
}

/**
 * What is heard of one run, for whoever shows it. However much comes, listeners are called once a frame, and a task run that did not change
 * stays the same object, so that its row is not drawn again.
 */
export class RunStore {
  /** From where to subscribe again. */
  after: string | null = null;
  #rows = new Map<number, TaskRow>();
  #snapshot: RunSnapshot = { taskRuns: [], stateVersion: 0, link: "connecting" };
  #stateVersion = 0;
  #link: RunLink = "connecting";
  #isAsked = false;
  #hasNewRows = false;
  #woken: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #onFrame: (draw: () => void) => void;

  /** @param onFrame calls back before the next picture is drawn */
  constructor(onFrame: (draw: () => void) => void = (draw) => requestAnimationFrame(draw)) {
    this.#onFrame = onFrame;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): RunSnapshot => this.#snapshot;

  /** Task runs as they stand now. */
  put(rows: readonly TaskRow[]): void {
    for (const row of rows) this.#rows.set(row.number, row);
    if (rows.length > 0) this.#hasNewRows = true;
    this.#change();
  }

  /** Task runs of which something newer may have been heard already. */
  putIfAbsent(rows: readonly TaskRow[]): void {
    this.put(rows.filter(({ number }) => !this.#rows.has(number)));
  }

  setLink(link: RunLink): void {
    if (link === this.#link) return;
    this.#link = link;
    this.#change();
  }

  /** The run itself changed. Wakes whoever waits for that. */
  setStateVersion(version: number): void {
    if (version <= this.#stateVersion) return;
    this.#stateVersion = version;
    this.#woken?.();
    this.#change();
  }

  /** Resolves once the run has changed after that version: somebody restarted it. */
  newer(version: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stateVersion > version) resolve();
      this.#woken = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  #change(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#onFrame(() => this.#tell());
  }

  #tell(): void {
    this.#isAsked = false;
    const taskRuns = this.#hasNewRows
      ? [...this.#rows.values()].sort((one, other) => one.number - other.number)
      : this.#snapshot.taskRuns;
    this.#hasNewRows = false;
    this.#snapshot = { taskRuns, stateVersion: this.#stateVersion, link: this.#link };
    for (const listener of this.#listeners) listener();
  }
}
