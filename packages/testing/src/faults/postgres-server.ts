import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@weir/cloud-api/database";
import { Client } from "pg";
import { askUntil } from "./ask-until.ts";

/** Crash recovery of a small database, on two cores that others use. */
const START_MS = 60_000;

/** A Postgres server whose postmaster can be killed. It is started anew on the same data directory and port, as a supervisor would. */
export class PostgresServer {
  readonly #embedded: EmbeddedPostgres;

  private constructor(embedded: EmbeddedPostgres) {
    this.#embedded = embedded;
  }

  static async start(directory: string): Promise<PostgresServer> {
    return new PostgresServer(await startEmbeddedPostgres({ directory, log: { debug: () => {}, warn: () => {} } }));
  }

  get url(): string {
    return this.#embedded.url;
  }

  get dataDirectory(): string {
    return this.#embedded.dataDirectory;
  }

  /** SIGKILL of the postmaster: it can neither write a checkpoint nor say goodbye, and its backends end when they notice. */
  kill(): void {
    process.kill(this.#pid(), "SIGKILL");
  }

  /** Kills whatever server comes up until the time is over: a machine that does not get on its feet. */
  async keepDown(ms: number): Promise<void> {
    const until = performance.now() + ms;
    let last = 0;
    await askUntil(
      () => {
        const pid = this.#pid();
        if (pid !== last) this.kill();
        last = pid;
        return performance.now() > until || undefined;
      },
      ms,
      20,
    );
  }

  /** @throws Error when it does not answer again */
  async untilUp(): Promise<void> {
    const up = await askUntil(() => this.#answers(), START_MS, 50);
    if (!up) throw new Error(`Postgres did not answer for ${START_MS / 1000} s after it was killed`);
  }

  async stop(): Promise<void> {
    await this.#embedded.stop();
  }

  #pid(): number {
    return Number.parseInt(readFileSync(join(this.dataDirectory, "postmaster.pid"), "utf8"), 10);
  }

  async #answers(): Promise<true> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 2_000 });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("select 1");
      return true;
    } finally {
      await client.end().catch(() => {});
    }
  }
}
