import type { QueryResult } from "pg";

/** Sends a statement on the connection that is tried out on. */
export type Send = (text: string, values?: readonly unknown[]) => Promise<QueryResult>;

interface Column {
  readonly name: string;
  readonly type: string;
}

/** By the name of the table: all columns but those that the database computes. */
const written = new Map<string, readonly Column[]>();

/** Copies of tables that stand before them for one connection, so that nobody else waits for what is tried there. They go with the transaction. */
export class ShadowTables {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  async make(table: string): Promise<void> {
    const columns = namesOf(await this.#columns(table));
    await this.#send(`create temp table ${table} (like public.${table} including all) on commit drop`);
    await this.#send(
      `insert into pg_temp.${table} (${columns}) overriding system value select ${columns} from public.${table}`,
    );
  }

  /** Beside the rows of a tenant, the same ones of another tenant, with other ids: they refer to each other as the first ones do. */
  async twin(table: string, tenantId: string, foreign: string): Promise<void> {
    const columns = await this.#columns(table);
    const twins = columns.map((column) => twinOf(table, column)).join(", ");
    await this.#send(
      `insert into pg_temp.${table} (${namesOf(columns)}) overriding system value select ${twins} from public.${table} where tenant_id = $1 on conflict do nothing`,
      [tenantId, foreign],
    );
  }

  async #columns(table: string): Promise<readonly Column[]> {
    const known = written.get(table);
    if (known !== undefined) return known;
    const { rows } = await this.#send(
      `select quote_ident(attname) as name, atttypid::regtype::text as type from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
      [`public.${table}`],
    );
    const columns = rows as Column[];
    written.set(table, columns);
    return columns;
  }
}

const namesOf = (columns: readonly Column[]): string => columns.map(({ name }) => name).join(", ");

/** $2 is the other tenant. */
function twinOf(table: string, { name, type }: Column): string {
  if (name === "tenant_id") return "$2::uuid";
  if (type === "uuid") return `overlay(${name}::text placing 'f0e1' from 33)::uuid`;
  // The one kind of things with numbers for ids.
  return name === "task_id" || (table === "tasks" && name === "id") ? `${name} + 1000000` : name;
}
