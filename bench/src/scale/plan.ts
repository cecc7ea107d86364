import type pg from "pg";

/** Tables that hold as much as there was work. */
const LARGE = /^(flow_runs|flow_run_states|task_runs|task_run_states|logs|artifacts)(_\d{8})?$/;

/** Rows that a page of 50 may pass over: with states that are rare, the few that are wanted stand among some more. */
const MOST_REMOVED = 2_000;

/** A statement as the cloud sent it. */
export interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Of the run door's lanes, where one plan serves for all values. */
  readonly named: boolean;
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  /** Of each loop, where the statement was carried out. */
  readonly "Rows Removed by Filter"?: number;
  readonly "Actual Loops"?: number;
  readonly Plans?: readonly PlanNode[];
}

/**
 * What the planner makes of a statement, as the cloud's role and in a tenant's scope. Is carried out, and rolled back, where it
 * is no statement of the run door. The client is one of `openDatabase`, with its settings.
 */
export async function planOf(client: pg.ClientBase, tenantId: string, sent: Sent): Promise<PlanNode> {
  await client.query("begin");
  try {
    await client.query("set local role weir_app");
    await client.query("select set_config('weir.tenant', $1, true)", [tenantId]);
    if (sent.named) await client.query("set local enable_seqscan = off");
    const explained = sent.named
      ? await client.query(`explain (generic_plan, format json) ${sent.text}`)
      : await client.query(`explain (analyze, format json) ${sent.text}`, [...sent.values]);
    const [row] = explained.rows as { "QUERY PLAN": readonly { readonly Plan: PlanNode }[] }[];
    const plan = row?.["QUERY PLAN"][0]?.Plan;
    if (plan === undefined) throw new Error(`Postgres explains nothing of ${sent.text}`);
    return plan;
  } finally {
    await client.query("rollback");
  }
}

/**
 * What of a plan grows with all that tenants ever ran: large tables that are read from end to end, and indexes of them that are walked without a
 * condition, or that gave more rows than were wanted. Empty partitions and indexes over a few rows count for nothing.
 * @param filled names of relations that hold rows
 * @param narrow names of partial indexes, which hold few
 */
export function growing(plan: PlanNode, filled: ReadonlySet<string>, narrow: ReadonlySet<string>): string[] {
  const { "Node Type": node, "Relation Name": relation = "", "Index Name": index = "" } = plan;
  const own: string[] = [];
  if (node === "Seq Scan" && LARGE.test(relation) && filled.has(relation)) own.push(`Seq Scan on ${relation}`);
  if (/^Index (Only )?Scan$/.test(node) && LARGE.test(relation) && filled.has(relation))
    if (plan["Index Cond"] === undefined && !narrow.has(index)) own.push(`${index} from end to end`);
  const removed = (plan["Rows Removed by Filter"] ?? 0) * (plan["Actual Loops"] ?? 1);
  if (LARGE.test(relation) && removed > MOST_REMOVED) own.push(`${removed} rows of ${relation} for nothing`);
  return [...own, ...(plan.Plans ?? []).flatMap((child) => growing(child, filled, narrow))];
}

/** Names of the relations that hold rows, and of the partial indexes. */
export async function readCatalog(pool: pg.Pool): Promise<{ filled: Set<string>; narrow: Set<string> }> {
  const filled = await pool.query<{ name: string }>(
    "select relname as name from pg_class where relkind in ('r', 'p') and reltuples > 0",
  );
  const narrow = await pool.query<{ name: string }>(
    "select indexrelid::regclass::text as name from pg_index where indpred is not null",
  );
  const names = ({ rows }: pg.QueryResult<{ name: string }>) => new Set(rows.map(({ name }) => name));
  return { filled: names(filled), narrow: names(narrow) };
}
