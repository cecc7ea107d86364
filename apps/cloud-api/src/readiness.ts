import type { Pool } from "pg";

/** Whether this replica can serve: its database is migrated, and can be reached now. */
export class Readiness {
  readonly #pool: Pool;
  #missing: string | null = "the database was not reached yet";

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Says what is missing in a sentence, or that nothing is. */
  set(missing: string | null): void {
    this.#missing = missing;
  }

  /** Why this replica cannot serve now, or null. */
  async problem(): Promise<string | null> {
    if (this.#missing !== null) return this.#missing;
    try {
      await this.#pool.query("select 1");
      return null;
    } catch (error) {
      return `the database cannot be reached: ${(error as Error).message}`;
    }
  }
}
