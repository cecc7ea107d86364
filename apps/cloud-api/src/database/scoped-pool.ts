import pg from "pg";
import { currentTenant, inScope } from "./tenant-scope.ts";

// Row-level security needs to know the tenant of each statement, and a round trip more for each would cost half of the speed. So the tenant is
// bound and executed before the statement in the same message: both are one implicit transaction, which ends with it, and the setting with
// that. A pooler in transaction mode keeps the server connection until then. What it costs stands in docs/decisions/0012.

const SCOPE_STATEMENT = "weir-scope";
const SET_TENANT = "select set_config('weir.tenant', $1, true)";

type Done = (error: Error | null, result: pg.QueryResult) => void;

/** The part of pg's connection that is written to. */
interface Wire {
  bind(portal: { statement: string; values: readonly string[] }): void;
  execute(portal: { portal: string; rows: number }): void;
}

/** pg's own query, as far as the types of pg do not tell. */
interface WireQuery {
  callback: Done | undefined;
  prepare(wire: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
}
const WireQuery = pg.Query as unknown as new (config: unknown, values: unknown, callback: unknown) => WireQuery;

class ScopedQuery extends WireQuery {
  readonly #tenant: string;
  #isScoped = false;

  constructor(tenant: string, config: unknown, values: unknown, callback: unknown) {
    super(config, values, callback);
    this.#tenant = tenant;
  }

  /** Always: the simple protocol has no place for a second statement with values. */
  requiresPreparation(): boolean {
    return true;
  }

  override prepare(wire: Wire): void {
    wire.bind({ statement: SCOPE_STATEMENT, values: [this.#tenant] });
    wire.execute({ portal: "", rows: 0 });
    super.prepare(wire);
  }

  override handleDataRow(message: unknown): void {
    if (this.#isScoped) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#isScoped) super.handleCommandComplete(message, wire);
    this.#isScoped = true;
  }
}

/** A client whose statements see the rows of the tenant in whose scope they are sent, and nobody's outside of every scope. */
export class ScopedClient extends pg.Client {
  override query(...args: unknown[]): never {
    const [config, values, callback] = args;
    const tenant = currentTenant();
    if (tenant === null || isSubmittable(config))
      return super.query(config as never, values as never, callback as never) as never;
    const query = new ScopedQuery(tenant, config, values, callback) as unknown as WireQuery & pg.Submittable;
    if (query.callback !== undefined) return super.query(query) as never;
    return new Promise((resolve, reject) => {
      query.callback = (error, result) => (error ? reject(error) : resolve(result));
      super.query(query);
    }) as never;
  }
}

function isSubmittable(config: unknown): boolean {
  return typeof (config as { submit?: unknown } | null)?.submit === "function";
}

/** Prepares what every scoped statement begins with. Once for each connection, before its first statement. */
export async function prepareScope(client: pg.ClientBase): Promise<void> {
  await inScope({ tenant: null }, () => client.query({ name: SCOPE_STATEMENT, text: SET_TENANT, values: [""] }));
}

/**
 * A pool that keeps each statement in the scope of whoever asked for it. pg's own waits for a free connection by a callback, which is called in
 * the scope of whoever gave the connection back: another tenant's.
 */
export class ScopedPool extends pg.Pool {
  override query(...args: unknown[]): never {
    return this.#queryInScope(args) as never;
  }

  async #queryInScope([config, values]: unknown[]): Promise<unknown> {
    const client = await this.connect();
    try {
      const result = await client.query(config as never, values as never);
      client.release();
      return result;
    } catch (error) {
      // As pg's own does: whether the connection is still good is not known.
      client.release(true);
      throw error;
    }
  }
}
