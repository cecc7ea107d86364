import type { LedgerEntry } from "@weir/gate";
import type { Holding } from "../connection/answers.ts";
import { NumberSet } from "./number-set.ts";

/** What is known of one attempt, from both sides. */
export interface AttemptDiff {
  readonly attempt: number;
  /** Ranges of event numbers that this side sent. */
  readonly sent: string;
  /** Ranges that the cloud holds. */
  readonly held: string;
  /** Events of each kind: sent as the ledger counts them (null: not known exactly), held as the cloud's rows. */
  readonly kinds: readonly { readonly kind: string; readonly sent: number | null; readonly held: number }[];
}

/** What a comparison shows. */
export interface LedgerDiff {
  readonly attempts: readonly AttemptDiff[];
  /** Sentences about what must not be. */
  readonly differences: readonly string[];
  /** Sentences about what may be, and what could not be compared. */
  readonly remarks: readonly string[];
}

/** Kinds of events whose rows stand in one table. */
const TABLES = {
  flow_run_states: ["flow"],
  task_run_states: ["task-run", "task", "result"],
  logs: ["log"],
  artifacts: ["artifact"],
} as const;
type Table = keyof typeof TABLES;

class Attempt {
  readonly sent = new NumberSet();
  readonly held = new NumberSet();
  readonly sentOf: Record<Table, number> = { flow_run_states: 0, task_run_states: 0, logs: 0, artifacts: 0 };
  readonly heldOf: Record<Table, number> = { flow_run_states: 0, task_run_states: 0, logs: 0, artifacts: 0 };
  /** Batches that were cut anew when they were sent again: how many of each kind is then not known. */
  exact = true;
}

/** Compares entries of one run with what the cloud holds of it. Read the cloud first: what is sent meanwhile is then no difference. */
export async function compare(entries: AsyncIterable<LedgerEntry>, holdings: readonly Holding[]): Promise<LedgerDiff> {
  const attempts = new Map<number, Attempt>();
  const remarks: string[] = [];
  const of = (attempt: number): Attempt => {
    const known = attempts.get(attempt) ?? new Attempt();
    attempts.set(attempt, known);
    return known;
  };
  const old = await takeEntries(entries, of);
  if (old > 0)
    remarks.push(`${old} reports were recorded before event numbers were; what they carried is not compared.`);
  const partly = takeHoldings(holdings, of);
  for (const { table, rows, sample } of partly)
    remarks.push(
      `The cloud holds ${rows} rows in ${table} and showed the first ${sample.length}: only those are compared.`,
    );
  const told = [...attempts]
    .sort(([a], [b]) => a - b)
    .map(([number, attempt]) => tell(number, attempt, partly.length > 0));
  return {
    attempts: told.map(({ diff }) => diff),
    differences: told.flatMap(({ differences }) => differences),
    remarks: [...told.flatMap((one) => one.remarks), ...remarks],
  };
}

/** @returns reports of which no numbers are known */
async function takeEntries(entries: AsyncIterable<LedgerEntry>, of: (attempt: number) => Attempt): Promise<number> {
  let old = 0;
  for await (const { message, attempt, first, last, kinds = {} } of entries) {
    if (message !== "report") continue;
    if (attempt === undefined) old += 1;
    if (attempt === undefined || first === undefined || last === undefined) continue;
    const one = of(attempt);
    const added = one.sent.add(first, last);
    if (added === 0) continue;
    if (added < last - first + 1) one.exact = false;
    for (const table of Object.keys(TABLES) as Table[])
      for (const kind of TABLES[table]) one.sentOf[table] += kinds[kind] ?? 0;
  }
  return old;
}

/** @returns tables of which the cloud showed a part only */
function takeHoldings(holdings: readonly Holding[], of: (attempt: number) => Attempt): Holding[] {
  const tables = holdings.filter(({ table }) => Object.hasOwn(TABLES, table));
  for (const { table, sample } of tables)
    for (const row of sample) {
      const number = eventNumber(row);
      if (number === null) continue;
      const attempt = of(Number(row.attempt));
      attempt.held.add(number, number);
      attempt.heldOf[table as Table] += 1;
    }
  return tables.filter(({ rows, sample }) => rows > sample.length);
}

/** Number of the event that a row shows; null for what the cloud did itself. */
function eventNumber(row: Holding["sample"][number]): number | null {
  const number = "event_number" in row ? row.event_number : row.number;
  const byCloud = (row.detail as { by?: unknown } | null | undefined)?.by === "cloud";
  return typeof number === "number" && !byCloud ? number : null;
}

function tell(number: number, attempt: Attempt, partly: boolean) {
  const { sent, held } = attempt;
  const differences: string[] = [];
  const remarks: string[] = [];
  const unsent = held.without(sent);
  if (sent.size === 0 && held.size > 0)
    differences.push(
      `Attempt ${number}: the cloud holds events ${held.ranges()}, and nothing of it is in this ledger. Another agent had the run then (name its directory too), or the cloud made them up.`,
    );
  else if (unsent.size > 0)
    differences.push(`Attempt ${number}: the cloud holds events ${unsent.ranges()}, which this ledger never sent.`);
  const missing = sent.without(held);
  const holes = missing.below(held.last);
  if (holes.size > 0 && !partly)
    differences.push(
      `Attempt ${number}: events ${holes.ranges()} were sent, and the cloud holds later ones, but not these.`,
    );
  const late = missing.without(holes);
  if (late.size > 0)
    remarks.push(
      `Attempt ${number}: events ${late.ranges()} were sent, and the cloud holds none of them: it has refused or not yet stored them.`,
    );
  if (differences.length === 0 && late.size === 0 && !partly) differences.push(...wrongCounts(number, attempt));
  return { diff: diffOf(number, attempt), differences, remarks };
}

function wrongCounts(number: number, { exact, sentOf, heldOf }: Attempt): string[] {
  if (!exact) return [];
  return (Object.keys(TABLES) as Table[]).flatMap((table) =>
    sentOf[table] === heldOf[table]
      ? []
      : [
          `Attempt ${number}: ${sentOf[table]} events of kind ${TABLES[table].join(", ")} were sent, and the cloud holds ${heldOf[table]} in ${table}. One that it refused stands among the logs.`,
        ],
  );
}

function diffOf(attempt: number, { sent, held, exact, sentOf, heldOf }: Attempt): AttemptDiff {
  const kinds = (Object.keys(TABLES) as Table[]).map((table) => ({
    kind: TABLES[table].join(", "),
    sent: exact ? sentOf[table] : null,
    held: heldOf[table],
  }));
  return { attempt, sent: sent.ranges(), held: held.ranges(), kinds };
}
