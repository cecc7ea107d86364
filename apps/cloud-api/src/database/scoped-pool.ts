import type { EventEmitter } from "node:events";
import pg from "pg";
import { currentTenant, inScope } from "./tenant-scope.ts";

// Row-level security needs to know the tenant of each statement, and a round trip more for each would cost half of the speed. So the tenant is
// bound and executed before the statement in the same message: both are one implicit transaction, which ends with it, and the setting with
// that. A pooler in transaction mode keeps the server connection until then. What it costs stands in docs/decisions/0012.
//
// Within an explicit transaction the setting stays until its end, so that only the first statement of a tenant sets it.
//
// Behind such a pooler a client meets another server connection with each transaction: nothing that lasts longer may be left there, neither a
// named statement nor a setting of the session. So there statements go without their names, and the pool's settings with the tenant.

const SCOPE_STATEMENT = "weir-scope";
const SET_TENANT = "select set_config('weir.tenant', $1, true)";

/** Server settings of all statements of a pool, such as `{ jit: "off" }`. Written by us, never by users. */
export type Settings = Readonly<Record<string, string>>;

type Done = (error: Error | null, result: pg.QueryResult) => void;

/** The part of pg's connection that is written to. */
interface Wire {
  parse(statement: { name: string; text: string; types: readonly number[] }): void;
  bind(portal: { statement: string; values: readonly string[] }): void;
  execute(portal: { portal: string; rows: number }): void;
}

/** pg's own query, as far as the types of pg do not tell. */
interface WireQuery {
  name: string | undefined;
  callback: Done | undefined;
  prepare(wire: Wire): void;
  handleDataRow(message: unknown): void;
  handleReadyForQuery(wire: Wire): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
}
const WireQuery = pg.Query as unknown as new (config: unknown, values: unknown, callback: unknown) => WireQuery;

class ScopedQuery extends WireQuery {
  readonly #tenant: string;
  readonly #transaction: ScopedTransaction;
  readonly #unnamed: string | null;
  #isScoped = false;

  constructor(tenant: string, transaction: ScopedTransaction, config: unknown, values: unknown, callback: unknown) {
    super(config, values, callback);
    this.#tenant = tenant;
    this.#transaction = transaction;
    this.#unnamed = transaction.unnamed;
    if (this.#unnamed !== null) this.name = undefined;
  }

  /** Always: the simple protocol has no place for a second statement with values. */
  requiresPreparation(): boolean {
    return true;
  }

  override prepare(wire: Wire): void {
    this.#isScoped = this.#transaction.isOf(this.#tenant);
    if (!this.#isScoped) this.#setTenant(wire);
    super.prepare(wire);
  }

  #setTenant(wire: Wire): void {
    if (this.#unnamed !== null) wire.parse({ name: "", text: this.#unnamed, types: [] });
    wire.bind({ statement: this.#unnamed === null ? SCOPE_STATEMENT : "", values: [this.#tenant] });
    wire.execute({ portal: "", rows: 0 });
  }

  override handleDataRow(message: unknown): void {
    if (this.#isScoped) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#isScoped) super.handleCommandComplete(message, wire);
    this.#isScoped = true;
  }

  /** All went well, or the transaction would be over. */
  override handleReadyForQuery(wire: Wire): void {
    this.#transaction.stays(this.#tenant);
    super.handleReadyForQuery(wire);
  }
}

/** What a connection knows of the transaction that it is in. */
class ScopedTransaction {
  /** Whose rows its statements see already; null: nobody's, or there is no transaction. */
  #tenant: string | null = null;
  /** Behind a pooler: what each scoped statement begins with. Null: the statement that this connection has prepared. */
  unnamed: string | null = null;
  #status = "I";

  /** Whether a statement of this tenant needs nothing in front. One that has failed takes nothing but its end. */
  isOf(tenant: string): boolean {
    return this.#status === "E" || this.#tenant === tenant;
  }

  /** @param status as Postgres tells after each statement: T within a transaction, E within one that has failed, I outside */
  told(status: string): void {
    this.#status = status;
    if (status !== "T") this.#tenant = null;
  }

  /** A statement of this tenant has ended. */
  stays(tenant: string): void {
    if (this.#status === "T") this.#tenant = tenant;
  }
}

/** A client whose statements see the rows of the tenant in whose scope they are sent, and nobody's outside of every scope. */
export class ScopedClient extends pg.Client {
  readonly #transaction = new ScopedTransaction();

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: EventEmitter };
    // Before pg's own listener, which hands on to the query.
    connection.prependListener("readyForQuery", ({ status }: { status: string }) => this.#transaction.told(status));
  }

  override query(...args: unknown[]): never {
    const [config, values, callback] = args;
    const tenant = currentTenant();
    if (isSubmittable(config)) return super.query(config as never, values as never, callback as never) as never;
    if (tenant === null) return super.query(this.#named(config) as never, values as never, callback as never) as never;
    const query = new ScopedQuery(tenant, this.#transaction, config, values, callback) as unknown as WireQuery &
      pg.Submittable;
    if (query.callback !== undefined) return super.query(query) as never;
    return new Promise((resolve, reject) => {
      query.callback = (error, result) => (error ? reject(error) : resolve(result));
      super.query(query);
    }) as never;
  }

  /** Makes the connection ready for scoped statements and for the settings. Once, before its first statement. */
  async prepare(settings: Settings): Promise<void> {
    await inScope({ tenant: null }, async () => {
      if (await isPooled(this)) {
        this.#transaction.unnamed = [SET_TENANT, ...Object.entries(settings).map(setLocally)].join(", ");
        return;
      }
      await this.#send({ name: SCOPE_STATEMENT, text: SET_TENANT, values: [""] });
      const set = Object.entries(settings).map(([name, value]) => `set ${name} = '${value}'`);
      if (set.length > 0) await this.#send({ text: set.join("; ") });
    });
  }

  async #send(config: pg.QueryConfig): Promise<void> {
    await (super.query(config) as Promise<unknown>);
  }

  #named(config: unknown): unknown {
    if (this.#transaction.unnamed === null || typeof config !== "object") return config;
    return { ...config, name: undefined };
  }
}

function setLocally([name, value]: readonly [string, string]): string {
  return `set_config('${name}', '${value}', true)`;
}

/**
 * Whether a pooler stands between: it gives its clients process ids of its own.
 * @example if (await isPooled(client)) log.warn("LISTEN would hear nothing here");
 */
export async function isPooled(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid !== (client as pg.ClientBase & { readonly processID: number | null }).processID;
}

function isSubmittable(config: unknown): boolean {
  return typeof (config as { submit?: unknown } | null)?.submit === "function";
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
