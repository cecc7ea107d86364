import type { LocalRun } from "./prepare-run.ts";
import type { Child } from "./child.ts";
import type { RunnerConfig } from "./config.ts";

/** Children that are idle at once; the one that has been idle longest goes first. */
const IDLE_MOST = 8;

/** Bounds of one child's life. */
export type KeptBounds = Pick<RunnerConfig, "childRuns" | "childAgeMs" | "childIdleMs" | "graceMs">;

/**
 * What two runs must have in common to share a process, one after the other: the very same code of the same flow of the same project, on the
 * same SDK. `sdk`: its entry, and what shows that it was replaced.
 */
export function kinshipOf({ project, flow, flowVersion, storage }: LocalRun, sdk: string): string {
  const { directory, entry, codeDigest } = storage;
  return JSON.stringify([sdk, project, flow, flowVersion, directory, entry, codeDigest]);
}

interface Idle {
  readonly kinship: string;
  readonly child: Child;
  /** Whatever it says while nobody has given it anything to do makes it useless. */
  worn: boolean;
  readonly timer: NodeJS.Timeout;
  readonly onOutput: () => void;
}

/** Children that have finished a run, left nothing behind, and may serve another one of their kin. */
export class KeptChildren {
  readonly #bounds: KeptBounds;
  /** Idle for the longest time first. */
  #idle: Idle[] = [];
  #closed = false;

  constructor(bounds: KeptBounds) {
    this.#bounds = bounds;
  }

  /** Those that are idle. */
  get children(): readonly Child[] {
    return this.#idle.map(({ child }) => child);
  }

  /** Keeps a child, or ends it when it has served for long enough. From now on nobody else may speak to it. */
  keep(kinship: string, child: Child): void {
    const { childRuns, childAgeMs, childIdleMs, graceMs } = this.#bounds;
    const isOld = child.runs >= childRuns || performance.now() - child.startedAt >= childAgeMs;
    if (this.#closed || child.over || isOld) return child.dismiss(graceMs);
    const idle: Idle = {
      kinship,
      child,
      worn: false,
      timer: setTimeout(() => this.#dismiss(idle), childIdleMs).unref(),
      onOutput: () => this.#discard(idle),
    };
    this.#idle.push(idle);
    const [oldest] = this.#idle;
    if (this.#idle.length > IDLE_MOST && oldest) this.#dismiss(oldest);
    child.stdout.on("data", idle.onOutput);
    child.stderr.on("data", idle.onOutput);
    child.listen({ messages: () => this.#discard(idle), invalid: () => this.#discard(idle) });
  }

  /** A child that has served this kinship before, or null. The one that was idle for the shortest time. */
  async take(kinship: string): Promise<Child | null> {
    for (;;) {
      const idle = this.#idle.findLast((one) => one.kinship === kinship);
      if (idle === undefined) return null;
      this.#remove(idle);
      // What it may have written is read first: two turns of the event loop, as at the end of a run.
      for (let turn = 0; turn < 2; turn += 1) await new Promise((done) => setImmediate(done));
      idle.child.stdout.off("data", idle.onOutput);
      idle.child.stderr.off("data", idle.onOutput);
      if (!idle.worn && !idle.child.over && !this.#closed) return idle.child;
      idle.child.kill();
    }
  }

  #remove(idle: Idle): void {
    clearTimeout(idle.timer);
    this.#idle = this.#idle.filter((one) => one !== idle);
  }

  /** Nothing is wrong with it: it may do whatever its code does when a process ends. */
  #dismiss(idle: Idle): void {
    this.#remove(idle);
    idle.child.dismiss(this.#bounds.graceMs);
  }

  #discard(idle: Idle): void {
    idle.worn = true;
    this.#remove(idle);
    idle.child.kill();
  }

  /** Ends them all. */
  async close(): Promise<void> {
    this.#closed = true;
    const left = this.children;
    for (const idle of this.#idle) this.#dismiss(idle);
    await Promise.all(left.map((child) => child.exited));
  }
}
