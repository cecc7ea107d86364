import type { Logger } from "pino";
import { acrossTenants } from "../database/tenant-scope.ts";

export interface Loop {
  /** For people, in logs. */
  readonly name: string;
  /** Mean time between two ticks. */
  readonly seconds: number;
  /** One turn. It may throw: the loop logs and goes on. */
  readonly tick: () => Promise<unknown>;
}

/** Runs loops until `stop`, which waits for the turns under way. A turn never overlaps with the one before. */
export function startLoops(loops: readonly Loop[], log: Pick<Logger, "warn" | "info">): { stop(): Promise<void> } {
  const running = loops.map((loop) => new RunningLoop(loop, log));
  return {
    stop: async () => {
      await Promise.all(running.map((loop) => loop.stop()));
    },
  };
}

class RunningLoop {
  readonly #loop: Loop;
  readonly #log: Pick<Logger, "warn" | "info">;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #failures = 0;
  #stopped = false;

  constructor(loop: Loop, log: Pick<Logger, "warn" | "info">) {
    this.#loop = loop;
    this.#log = log;
    this.#plan();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  /** ± 20 %, so that the replicas' loops do not stay in step. */
  #plan(): void {
    if (this.#stopped) return;
    const wait = this.#loop.seconds * 1000 * (0.8 + Math.random() * 0.4);
    this.#timer = setTimeout(() => {
      this.#turn = this.#take().then(() => this.#plan());
    }, wait);
    this.#timer.unref();
  }

  async #take(): Promise<void> {
    try {
      await acrossTenants("a loop looks after all tenants", () => this.#loop.tick());
      if (this.#failures > 0)
        this.#log.info({ loop: this.#loop.name, failures: this.#failures }, "the loop works again");
      this.#failures = 0;
    } catch (error) {
      // Told once per outage: a database that is away for an hour must not fill the disk with one sentence.
      if (this.#failures === 0)
        this.#log.warn({ loop: this.#loop.name, err: error }, "a turn of the loop failed; it goes on");
      this.#failures += 1;
    }
  }
}
