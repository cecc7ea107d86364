import type { LedgerEntry } from "@weir/gate";

/** Messages and their bytes. */
export interface Sum {
  messages: number;
  bytes: number;
}

/** What a ledger says was sent, counted. */
export interface LedgerSummary extends Readonly<Sum> {
  /** By class of data and what was done to it. A message that carries several classes counts with each, with all its bytes. */
  readonly classes: readonly (Sum & { class: string; deed: string })[];
  readonly kinds: readonly (Sum & { message: string })[];
  /** By run; null: what was about none. The largest first. */
  readonly runs: readonly (Sum & { run: string | null })[];
}

/** Counts entries as they come. What the ledger wrote about itself was not sent. */
export async function summarize(entries: AsyncIterable<LedgerEntry>): Promise<LedgerSummary> {
  const all: Sum = { messages: 0, bytes: 0 };
  const classes = new Map<string, Sum>();
  const kinds = new Map<string, Sum>();
  const runs = new Map<string | null, Sum>();
  for await (const { note, bytes, message, run, classes: deeds } of entries) {
    if (note !== undefined) continue;
    all.messages += 1;
    all.bytes += bytes;
    add(kinds, message, bytes);
    add(runs, run, bytes);
    for (const [dataClass, deed] of Object.entries(deeds)) add(classes, `${dataClass} ${deed}`, bytes);
  }
  return {
    ...all,
    classes: [...classes].map(([key, sum]) => ({ ...splitKey(key), ...sum })).sort(byName),
    kinds: [...kinds].map(([message, sum]) => ({ message, ...sum })).sort(bySize),
    runs: [...runs].map(([run, sum]) => ({ run, ...sum })).sort(bySize),
  };
}

function add<K>(sums: Map<K, Sum>, key: K, bytes: number): void {
  const sum = sums.get(key) ?? { messages: 0, bytes: 0 };
  sum.messages += 1;
  sum.bytes += bytes;
  sums.set(key, sum);
}

function splitKey(key: string): { class: string; deed: string } {
  const [dataClass = "", deed = ""] = key.split(" ");
  return { class: dataClass, deed };
}

const bySize = (a: Sum, b: Sum): number => b.bytes - a.bytes;
const byName = (a: { class: string; deed: string }, b: { class: string; deed: string }): number =>
  a.class === b.class ? a.deed.localeCompare(b.deed) : a.class.localeCompare(b.class);
