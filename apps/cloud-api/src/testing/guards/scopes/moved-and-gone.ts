import type { QueryResult } from "pg";
import { type Send, ShadowTables } from "./shadow-tables.ts";

/** A statement with its values. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

interface Trial {
  readonly statement: Statement;
  /** All that it names. */
  readonly tables: readonly string[];
  readonly tenantId: string;
  /** The same statement as it is without one guard and another. */
  readonly without: readonly string[];
  /** Whether it is worth trying while these of its tables have rows of the tenant. */
  readonly isNew: (full: readonly string[]) => boolean;
}

/** What became of a trial: with one table's rows, or with twins of all. `seen`: how the answers differed, null when they did not. */
interface Told {
  readonly what: string;
  readonly seen: string | null;
  readonly seenWithout: readonly boolean[];
}

/** Nobody's. */
const FOREIGN = "01900000-0000-7000-8000-00000000f0e1";

/**
 * Tries a statement while rows are another tenant's, and while they are gone: those of one of its tables after the other, and of all; and beside twins of
 * all. It happens in copies of the tables, with no policy, and is rolled back.
 */
export async function movedAndGone(send: Send, trial: Trial): Promise<readonly Told[]> {
  const within = await isWithin(send);
  await send(within ? "savepoint trial" : "begin");
  try {
    // As the administrator, whom policies hide nothing from.
    await send("set local role none; set local lock_timeout = '1s'");
    const full = await tablesWithRows(send, trial);
    if (!trial.isNew(full)) return [];
    const shadows = new ShadowTables(send);
    for (const table of trial.tables) await shadows.make(table);
    await send("savepoint rows");
    const told: (Told | null)[] = [];
    for (const table of full) told.push(await compare(send, trial, { what: table, ...moved(send, trial, [table]) }));
    told.push(await compare(send, trial, { what: "all", ...moved(send, trial, full) }));
    const twins = async () => {
      for (const table of full) await shadows.twin(table, trial.tenantId, FOREIGN);
    };
    told.push(await compare(send, trial, { what: "twins", gone: () => Promise.resolve(), there: twins }));
    return told.filter((one) => one !== null);
  } finally {
    await send(within ? "rollback to savepoint trial; release savepoint trial" : "rollback");
  }
}

async function isWithin(send: Send): Promise<boolean> {
  // Outside of a transaction each statement has a time of its own.
  const { rows } = await send("select now() = statement_timestamp() as alone");
  return !(rows[0] as { alone: boolean }).alone;
}

async function tablesWithRows(send: Send, { tables, tenantId }: Trial): Promise<string[]> {
  const parts = tables.map(
    (table) => `select '${table}' as name where exists (select from public.${table} where tenant_id = $1)`,
  );
  const { rows } = await send(parts.join(" union all "), [tenantId]);
  return rows.map(({ name }: { name: string }) => name);
}

/** The rows of some tables: rows that carry another tenant's id must be as good as gone. */
function moved(send: Send, { tenantId }: Trial, tables: readonly string[]): Pick<Worlds, "gone" | "there"> {
  const each = async (change: (table: string) => string, values: readonly string[]) => {
    for (const table of tables) await send(change(table), values);
  };
  return {
    gone: () => each((table) => `delete from ${table} where tenant_id = $1`, [tenantId]),
    there: () => each((table) => `update ${table} set tenant_id = $2 where tenant_id = $1`, [tenantId, FOREIGN]),
  };
}

interface Worlds {
  readonly what: string;
  /** Makes the world without the rows that are another tenant's, and the one in which they are. */
  readonly gone: () => Promise<unknown>;
  readonly there: () => Promise<unknown>;
}

async function compare(
  send: Send,
  { statement, tables, without }: Trial,
  { what, gone, there }: Worlds,
): Promise<Told | null> {
  const inWorld = async (make: () => Promise<unknown>, text: string): Promise<string> => {
    try {
      await make();
      const before = await foreignRows(send, tables);
      const told = await answer(send, { ...statement, text });
      return told.startsWith("error") || before === (await foreignRows(send, tables)) ? told : `changes them: ${told}`;
    } finally {
      await send("rollback to savepoint rows");
    }
  };
  const expected = await inWorld(gone, statement.text);
  // What nothing stands in the way of differs from one time to the next: of such a statement nothing can be said.
  if (expected !== (await inWorld(gone, statement.text))) return null;
  const told = await inWorld(there, statement.text);
  const seenWithout: boolean[] = [];
  for (const text of without) seenWithout.push((await inWorld(there, text)) !== expected);
  return { what, seen: told === expected ? null : `${expected} | ${told}`, seenWithout };
}

/** Ids that are made differ from one time to the next, and so do moments. */
const MADE = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z/g;

async function answer(send: Send, { text, values }: Statement): Promise<string> {
  try {
    // The copies stand in no schema that could be named.
    const { rows, rowCount }: QueryResult = await send(text.replaceAll(/"public"\.|\bpublic\./g, ""), values);
    return JSON.stringify([rowCount, rows.map((row) => JSON.stringify(row)).toSorted()]).replaceAll(MADE, "MADE");
  } catch (error) {
    return `error ${(error as { code?: string }).code ?? String(error)}`;
  }
}

async function foreignRows(send: Send, tables: readonly string[]): Promise<string> {
  const parts = tables.map(
    (table) =>
      `select '${table}' as name, md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) as digest from ${table} t where tenant_id = $1`,
  );
  return JSON.stringify((await send(parts.join(" union all "), [FOREIGN])).rows);
}
