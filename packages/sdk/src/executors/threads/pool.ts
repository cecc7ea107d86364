import { getCompileCacheDir } from "node:module";
import { dirname, extname, join } from "node:path";
import type { Piscina } from "piscina";
import { needed } from "../needed.ts";
import { executorFailed } from "../thrown.ts";
import { isLoadingTasks } from "./loading.ts";
import type { Look, LookOrder, ThreadStart } from "./messages.ts";
import { Slots } from "./slots.ts";
import { type ThreadJob, ThreadTry } from "./thread-try.ts";

/** How threads are kept. */
export interface PoolSettings {
  readonly size: number;
  readonly idleTimeoutMs: number;
  readonly graceMs: number;
  readonly memoryMiB: number | null;
}

const MAIN = join(import.meta.dirname, `thread-main${extname(import.meta.filename)}`);

function threadStart(): ThreadStart {
  const directory = getCompileCacheDir();
  // Node tells the directory of its own version, and asks for the one above.
  return { compileCache: directory === undefined ? null : dirname(directory) };
}

function refuseWhileLoading({ place }: ThreadJob): void {
  if (!isLoadingTasks()) return;
  throw executorFailed(
    `A thread that loads the file of the task ${JSON.stringify(place.name)} has begun the flow itself: the file runs it while it is loaded. Run it only in the program: if (import.meta.main) await …`,
  );
}

/**
 * Threads that tries run in: begun when needed, kept for a while. At most `size` tries are with piscina at a time and the others wait here:
 * piscina begins no new thread for those that wait in it when a thread is killed, so they would wait for ever.
 */
export class ThreadPool {
  readonly #settings: PoolSettings;
  readonly #slots: Slots;
  #piscina: Promise<Piscina> | null = null;
  #running = 0;
  #isClosing = false;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
    this.#slots = new Slots(settings.size);
  }

  async run(job: ThreadJob): Promise<unknown> {
    refuseWhileLoading(job);
    return await this.#use(job.signal, async (piscina) => {
      return await new ThreadTry(piscina, job, this.#settings.graceMs).run();
    });
  }

  /** Loads files in a thread and tells which tasks they define. */
  async look(files: readonly string[], signal: AbortSignal): Promise<Look> {
    const order: LookOrder = { kind: "look", files };
    return await this.#use(signal, async (piscina) => (await piscina.run(order, { signal })) as Look);
  }

  /** Ends all threads once no try runs in them. A later try begins new ones. */
  async close(): Promise<void> {
    if (this.#running > 0) {
      this.#isClosing = true;
      return;
    }
    const piscina = this.#piscina;
    this.#piscina = null;
    await (await piscina?.catch(() => null))?.destroy();
  }

  async #use<T>(signal: AbortSignal, work: (piscina: Piscina) => Promise<T>): Promise<T> {
    this.#running += 1;
    this.#isClosing = false;
    try {
      await this.#slots.take(signal);
      try {
        this.#piscina ??= this.#begin();
        return await work(await this.#piscina);
      } finally {
        this.#slots.give();
      }
    } finally {
      this.#running -= 1;
      if (this.#isClosing && this.#running === 0) await this.close();
    }
  }

  async #begin(): Promise<Piscina> {
    const { size, idleTimeoutMs, memoryMiB } = this.#settings;
    const { Piscina } = await needed("threads()", "piscina", async () => await import("piscina"));
    const piscina = new Piscina({
      filename: MAIN,
      minThreads: 0,
      maxThreads: size,
      idleTimeout: idleTimeoutMs,
      // A thread that waits by Atomics stands still: what a task left running behind it (a pool of connections, say) would stand with it.
      atomics: "disabled",
      workerData: threadStart(),
      ...(memoryMiB === null ? {} : { resourceLimits: { maxOldGenerationSizeMb: memoryMiB } }),
    });
    // A thread that dies between two tries is replaced when the next one comes; nothing was lost.
    piscina.on("error", () => undefined);
    return piscina;
  }
}
