import type { Pool } from "pg";

// A notification inside a report's own transaction would make all reports queue: Postgres takes one lock for the whole cluster from the
// notify until its commit is on disk (claims with it: 1,000/s, without: 2,200/s, measured). A hint may be late or lost, so it goes by itself.
const NOTIFY = `select pg_notify('weir_run', id) from unnest($1::text[]) as id`;

/** Twenty times a second is as fast as anyone looks; a run reports as often. */
const QUIET_MS = 50;

/** Tells all replicas which runs have changed, a few times a second. */
export class RunHints {
  readonly #pool: Pool;
  readonly #runIds = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The run has changed. The first after a silence is told at once. */
  changed(runId: string): void {
    this.#runIds.add(runId);
    if (this.#timer === undefined) this.#tell();
  }

  #tell(): void {
    const runIds = [...this.#runIds];
    this.#runIds.clear();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#runIds.size > 0) this.#tell();
    }, QUIET_MS);
    this.#timer.unref();
    // Whoever waits for this run looks by itself after a second.
    this.#pool.query(NOTIFY, [runIds]).catch(() => undefined);
  }
}
