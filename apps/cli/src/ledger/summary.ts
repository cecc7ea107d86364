import { readLedger } from "@weir/gate";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { bytes, count } from "../terminal/quantity.ts";
import { type Column, tableLines } from "../terminal/table.ts";
import { directoryOf, filterOf, type LedgerOptions, withLedger } from "./options.ts";
import { type LedgerSummary, type Sum, summarize } from "./summarize.ts";

/** Runs that are shown; the rest is counted. --json has all. */
const MOST_RUNS = 20;

/** `weir ledger summary` */
export async function summary(io: Io, _args: readonly string[], options: LedgerOptions): Promise<ExitCode> {
  const directory = directoryOf(io, options.directory);
  const summed = await withLedger(() => summarize(readLedger(directory, filterOf(options, Date.now()))));
  if (options.json) printDocument(io, summed);
  else for (const text of summaryLines(io, summed)) line(io, text);
  return EXIT.ok;
}

function summaryLines(io: Io, { messages, bytes: size, classes, kinds, runs }: LedgerSummary): string[] {
  const shown = runs.slice(0, MOST_RUNS);
  const more = runs.length > shown.length ? [io.paint.dim(`and ${count(runs.length - shown.length, "run")} more`)] : [];
  return [
    `${count(messages, "message")}, ${bytes(size)}`,
    "",
    ...tableLines<Row<LedgerSummary["classes"]>>(
      io,
      [column("class", 12, (row) => row.class), column("what was done", 14, (row) => row.deed), ...sums()],
      classes,
    ),
    "",
    ...tableLines<Row<LedgerSummary["kinds"]>>(
      io,
      [column("message", 28, (row) => cleanLine(row.message)), ...sums()],
      kinds,
    ),
    "",
    ...tableLines<Row<LedgerSummary["runs"]>>(
      io,
      [column("run", 36, (row) => cleanLine(row.run ?? "none")), ...sums()],
      shown,
    ),
    ...more,
  ];
}

type Row<Rows extends readonly unknown[]> = Rows[number];

const column = <R>(title: string, width: number, text: (row: R) => string): Column<R> => ({ title, width, text });

const sums = (): Column<Sum>[] => [
  { title: "messages", width: 12, align: "right", text: (row) => row.messages.toLocaleString("en-US") },
  { title: "size", width: 9, align: "right", text: (row) => bytes(row.bytes) },
];
