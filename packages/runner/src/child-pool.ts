import { statSync } from "node:fs";
import type { Child } from "./child.ts";
import type { ChildStarter } from "./child-starter.ts";
import type { RunnerLog } from "./log.ts";

/** SDK entries that are kept warm at once. A machine with more SDKs than this starts the rarer ones cold. */
const ENTRIES = 4;
/** Warm children that may die in a row before an entry is started cold only: its SDK is broken. */
const DEATHS = 3;
/** Refilling waits this long, so that it does not take the processor from the run that just began. */
const REFILL_MS = 25;

interface Shelf {
  readonly kind: string;
  readonly entry: string;
  readonly directory: string;
  /** Size and time of the entry's file: after an update of the SDK, children of the old one are not used. */
  readonly version: string;
  idle: Child[];
  starting: number;
  deaths: number;
}

/** Size and time of an SDK's entry: another one after an update. */
export function sdkVersionOf(entry: string): string {
  try {
    const { size, mtimeMs } = statSync(entry);
    return `${size}:${mtimeMs}`;
  } catch {
    return "";
  }
}

/** Started, idle children per SDK entry. Each is handed out once: user code may leave anything behind. */
export class ChildPool {
  readonly #size: number;
  readonly #starter: ChildStarter;
  readonly #log: RunnerLog;
  /** Least recently used first. */
  readonly #shelves = new Map<string, Shelf>();
  readonly #starting = new Set<Child>();
  #closed = false;

  constructor(o: { size: number; starter: ChildStarter; log: RunnerLog }) {
    this.#size = o.size;
    this.#starter = o.starter;
    this.#log = o.log;
  }

  /** Idle children that are ready. */
  get idle(): readonly Child[] {
    return [...this.#shelves.values()].flatMap((shelf) => shelf.idle);
  }

  /** A child for one run: a warm one if there is one, else one that is just being started. */
  take(entry: string, directory: string): Child {
    const shelf = this.#shelfOf(entry, directory);
    // One that has just died is on its shelf until its pipes are read to their ends.
    shelf.idle = shelf.idle.filter((child) => !child.over);
    const warm = shelf.idle.shift();
    setTimeout(() => this.#refill(shelf), REFILL_MS).unref();
    return warm ?? this.#starter.start(entry, directory);
  }

  #shelfOf(entry: string, directory: string): Shelf {
    const version = sdkVersionOf(entry);
    const kind = this.#starter.kindOf(entry, directory);
    const known = this.#shelves.get(kind);
    this.#shelves.delete(kind);
    if (known && known.version !== version) discard(known);
    const shelf =
      known?.version === version ? known : { kind, entry, directory, version, idle: [], starting: 0, deaths: 0 };
    this.#shelves.set(kind, shelf);
    const [oldest] = this.#shelves.values();
    if (this.#shelves.size > ENTRIES && oldest) {
      this.#shelves.delete(oldest.kind);
      discard(oldest);
    }
    return shelf;
  }

  #isCurrent(shelf: Shelf): boolean {
    return !this.#closed && this.#shelves.get(shelf.kind) === shelf;
  }

  #refill(shelf: Shelf): void {
    while (this.#isCurrent(shelf) && shelf.deaths < DEATHS && shelf.idle.length + shelf.starting < this.#size) {
      shelf.starting += 1;
      void this.#warm(shelf);
    }
  }

  async #warm(shelf: Shelf): Promise<void> {
    const child = this.#started(shelf);
    if (child === null) return;
    this.#starting.add(child);
    const ready = await child.ready;
    this.#starting.delete(child);
    shelf.starting -= 1;
    if (!this.#isCurrent(shelf)) return child.kill();
    if (!ready) {
      shelf.deaths += 1;
      this.#log.warn(
        { entry: shelf.entry, deaths: shelf.deaths },
        "A child that was started in advance ended before it was loaded.",
      );
      return this.#refill(shelf);
    }
    shelf.deaths = 0;
    shelf.idle.push(child);
    await child.exited;
    // Dead while idle: somebody killed it. One that a run took is no longer here.
    if (!shelf.idle.includes(child)) return;
    shelf.idle = shelf.idle.filter((other) => other !== child);
    this.#refill(shelf);
  }

  /** Null: it cannot be started now. The next run that wants one will tell why. */
  #started(shelf: Shelf): Child | null {
    try {
      return this.#starter.start(shelf.entry, shelf.directory);
    } catch (error) {
      shelf.starting -= 1;
      shelf.deaths += 1;
      this.#log.warn({ entry: shelf.entry, problem: String(error) }, "A child could not be started in advance.");
      return null;
    }
  }

  /** Kills what is idle or starting, and waits for its end. */
  async close(): Promise<void> {
    this.#closed = true;
    const left = [...this.idle, ...this.#starting];
    for (const shelf of this.#shelves.values()) shelf.idle = [];
    for (const child of left) child.kill();
    await Promise.all(left.map((child) => child.exited));
  }
}

function discard(shelf: Shelf): void {
  for (const child of shelf.idle) child.kill();
  shelf.idle = [];
}
