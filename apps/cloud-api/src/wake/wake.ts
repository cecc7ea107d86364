import type { Logger } from "pino";
import pg from "pg";
import { isPooled } from "../database/scoped-pool.ts";

/** Postgres channels. NOTIFY is a hint that something may have happened; whoever is woken looks for itself. */
export const CHANNELS = {
  /** Payload: tenant id. A run may be claimable now. */
  work: "weir_work",
  /** Payload: run id. Something of the run changed. */
  run: "weir_run",
  /** Payload: run id. Its holder has an order to hear. */
  order: "weir_order",
} as const;

type Topic = keyof typeof CHANNELS;

/** Wakes whoever waits in this process when something happens on any replica. */
export interface Wake {
  /** Calls `fn` when a run of the tenant may have become claimable. Returns the way to stop. */
  onWork(tenantId: string, fn: () => void): () => void;
  onRun(runId: string, fn: () => void): () => void;
  onOrder(runId: string, fn: () => void): () => void;
  close(): Promise<void>;
}

const RECONNECT_MS = 250;
const RECONNECT_MOST_MS = 5_000;

/** Opens one connection of its own that listens, and opens it again whenever it is lost, until `close`. Behind a pooler none is kept. */
export function createWake(url: string, log: Pick<Logger, "info" | "warn">): Wake {
  return new ListeningWake(url, log);
}

class ListeningWake implements Wake {
  readonly #url: string;
  readonly #log: Pick<Logger, "info" | "warn">;
  readonly #waiting = { work: new Map(), run: new Map(), order: new Map() } satisfies Record<
    Topic,
    Map<string, Set<() => void>>
  >;
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(url: string, log: Pick<Logger, "info" | "warn">) {
    this.#url = url;
    this.#log = log;
    void this.#connect();
  }

  onWork(tenantId: string, fn: () => void): () => void {
    return this.#wait("work", tenantId, fn);
  }

  onRun(runId: string, fn: () => void): () => void {
    return this.#wait("run", runId, fn);
  }

  onOrder(runId: string, fn: () => void): () => void {
    return this.#wait("order", runId, fn);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  #wait(topic: Topic, payload: string, fn: () => void): () => void {
    const waiting: Map<string, Set<() => void>> = this.#waiting[topic];
    const set = waiting.get(payload) ?? new Set();
    waiting.set(payload, set.add(fn));
    return () => {
      set.delete(fn);
      if (set.size === 0 && waiting.get(payload) === set) waiting.delete(payload);
    };
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, application_name: "weir wake", keepAlive: true });
    this.#client = client;
    // Once per client, whatever fails first: the connection attempt, a query, or the socket later on.
    let lost = false;
    const lose = (reason?: Error) => {
      if (lost) return;
      lost = true;
      void client.end().catch(() => undefined);
      this.#again(reason);
    };
    client.on("error", lose);
    client.on("end", () => lose());
    client.on("notification", ({ channel, payload }) => this.#heard(channel, payload ?? ""));
    try {
      await client.connect();
      if (await isPooled(client)) return await this.#giveUp(client);
      await client.query(
        Object.values(CHANNELS)
          .map((channel) => `listen ${channel}`)
          .join("; "),
      );
      if (this.#failures > 0) this.#log.info("listening to the database again");
      this.#failures = 0;
      // What was notified while nobody listened is lost: wake everybody once.
      this.#wakeAll();
    } catch (error) {
      lose(error as Error);
    }
  }

  /** What LISTEN asks for would come to whoever has the server connection by then. */
  async #giveUp(client: pg.Client): Promise<void> {
    this.#closed = true;
    this.#log.warn(
      "a pooler stands between the cloud and its database, through which no NOTIFY comes: runs and orders wait for the next poll. Set WEIR_DATABASE_DIRECT_URL to the same login past the pooler.",
    );
    await client.end();
  }

  #again(error: Error | undefined): void {
    if (this.#closed) return;
    if (this.#failures === 0) {
      this.#log.warn(
        { reason: error?.message },
        "the connection that listens for NOTIFY is lost; polls go on without it",
      );
    }
    const wait = Math.min(RECONNECT_MS * 2 ** this.#failures, RECONNECT_MOST_MS);
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.#connect(), wait);
    this.#timer.unref();
  }

  #heard(channel: string, payload: string): void {
    for (const topic of Object.keys(CHANNELS) as Topic[]) {
      if (CHANNELS[topic] === channel) call(this.#waiting[topic].get(payload));
    }
  }

  #wakeAll(): void {
    for (const waiting of Object.values(this.#waiting)) for (const set of waiting.values()) call(set);
  }
}

function call(set: ReadonlySet<() => void> | undefined): void {
  // A copy: a woken waiter may leave the set, or join it again, while it is called.
  if (set) for (const fn of Array.from(set)) fn();
}
