import { AsyncLocalStorage } from "node:async_hooks";
import { readFileSync } from "node:fs";

/** More than this is not carried over to another run. Bytes. */
const MEMORY_MOST = 512 * 1024 * 1024;

/** What goes on in the process: timers, sockets, servers, processes, threads, files. What does not keep a process is not among it. */
function goingOn(): string {
  return process.getActiveResourcesInfo().toSorted().join();
}

/** Where the memory faults of children that have ended stand among what follows the name in `/proc/self/stat`. */
const FAULTS_OF_CHILDREN = 8;

/**
 * Changes as soon as the process has had a child process, also one that has ended long ago and left others of its own; throws where the
 * system does not tell it (it is not Linux).
 */
function childProcesses(): string {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const faults = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[FAULTS_OF_CHILDREN];
  return `${faults} ${readFileSync(`/proc/thread-self/children`, "utf8")}`;
}

/** What a run has left going on; null where that cannot be told. */
function traces(): string | null {
  try {
    return `${goingOn()}; ${childProcesses()}`;
  } catch {
    return null;
  }
}

/** What code of the user's can change for whoever comes after it. */
function surroundings(): string {
  const listeners = process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`);
  return JSON.stringify([process.env, Object.getOwnPropertyNames(globalThis), listeners]);
}

/**
 * Keeps the runs apart that one process serves, one after the other: knows which code belongs to the run that goes on, and whether a run
 * that is over has left anything behind. What is kept in variables of a module nobody can see; that is documented.
 */
export class ProcessGuard {
  /** The number of the run in whose course something was begun. Everything that it begins inherits it. */
  readonly #runs = new AsyncLocalStorage<number>();
  #last = 0;
  /** 0: none goes on. */
  #current = 0;
  /** The process before any code of the user's ran in it. Null: no run is to stay, or the system does not tell. */
  #bare: string | null = null;
  #hadThread = false;
  #loaded: string | null = null;

  /** Begins a run: `work`, and all that comes of it, belongs to it. `mayStay`: others may follow it. */
  begin(work: () => void, mayStay: boolean): void {
    if (mayStay && this.#last === 0) this.#watch();
    this.#last += 1;
    this.#current = this.#last;
    this.#runs.run(this.#current, work);
  }

  /** Does something on behalf of the run that goes on: what comes of a message from outside is its, too. */
  within<T>(work: () => T): T {
    return this.#current === 0 ? work() : this.#runs.run(this.#current, work);
  }

  /** The flow's file is loaded: what that has changed, it would change in every process. */
  loaded(): void {
    if (this.#bare !== null) this.#loaded ??= surroundings();
  }

  /** Whether the code that asks belongs to a run that is over. */
  get isLate(): boolean {
    const run = this.#runs.getStore();
    return run === undefined ? this.#current === 0 : run !== this.#current;
  }

  /** Whether the run that has just ended left the process as it found it. */
  async leftNothing(): Promise<boolean> {
    // What ends by itself in this moment may do so: sockets that are being closed, threads that were told to end.
    for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setImmediate(done));
    if (this.#hadThread || process.memoryUsage.rss() > MEMORY_MOST) return false;
    return this.#bare !== null && traces() === this.#bare && surroundings() === this.#loaded;
  }

  /** The run is over: whatever still speaks is late. */
  end(): void {
    this.#current = 0;
  }

  #watch(): void {
    process.on("worker", () => (this.#hadThread = true));
    this.#guardOutput();
    this.#bare = traces();
  }

  /** What late code prints is dropped, as it would be if its process had ended with its run. */
  #guardOutput(): void {
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
      stream.write = (...given: unknown[]): boolean => (this.isLate ? dropped(given) : write(...given));
    }
  }
}

function dropped(given: readonly unknown[]): boolean {
  const done = given.at(-1);
  if (typeof done === "function") process.nextTick(() => void done());
  return true;
}
