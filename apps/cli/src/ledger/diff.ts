import { type LedgerEntry, readLedger } from "@weir/gate";
import { Refusal } from "@weir/protocol";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "../runs/checked-id.ts";
import { cleanLine } from "../terminal/clean.ts";
import { tableLines } from "../terminal/table.ts";
import { type AttemptDiff, compare, type LedgerDiff } from "./compare.ts";
import { directoryOf, withLedger } from "./options.ts";

interface Options {
  readonly directory?: readonly string[];
  readonly json?: boolean;
}

/** `weir ledger diff RUN` */
export async function diff(io: Io, [given = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const run = checkedId(given);
  const typed = options.directory ?? [];
  const directories = typed.length === 0 ? [directoryOf(io, undefined)] : typed.map((path) => directoryOf(io, path));
  const { flowRun } = await withCloud(io, (cloud) => cloud.ask("FlowRunHoldings", { id: run }));
  if (flowRun === null)
    throw new Refusal("NOT_FOUND", `There is no flow run "${run}". \`weir runs list\` shows those that are.`);
  const compared = await withLedger(() => compare(entriesOf(directories, run), flowRun.holdings));
  if (options.json) printDocument(io, { flowRunId: run, ...compared });
  else for (const text of diffLines(io, compared)) line(io, text);
  return compared.differences.length === 0 ? EXIT.ok : EXIT.failed;
}

async function* entriesOf(directories: readonly string[], run: string): AsyncGenerator<LedgerEntry> {
  for (const directory of directories) yield* readLedger(directory, { run });
}

function diffLines(io: Io, { attempts, differences, remarks }: LedgerDiff): string[] {
  const rows = attempts.flatMap((attempt) => rowsOf(attempt));
  const verdict =
    differences.length === 0
      ? [`${io.paint.green("✓")} The cloud holds nothing of this run that was not sent.`]
      : differences.map((sentence) => io.paint.red(`✗ ${cleanLine(sentence)}`));
  const table = tableLines(
    io,
    [
      { title: "attempt", width: 7, align: "right", text: (row) => row.attempt },
      { title: "events", width: 24, text: (row) => row.kind },
      { title: "sent", width: 26, align: "right", text: (row) => row.sent },
      { title: "held by the cloud", width: 26, align: "right", text: (row) => row.held },
    ],
    rows,
  );
  return [
    ...(rows.length === 0 ? [] : [...table, ""]),
    ...verdict,
    ...remarks.map((text) => io.paint.dim(`  ${text}`)),
  ];
}

function rowsOf({ attempt, sent, held, kinds }: AttemptDiff) {
  const shown = kinds.filter((one) => one.sent !== 0 || one.held !== 0);
  return [
    { attempt: String(attempt), kind: "numbers", sent: sent || "none", held: held || "none" },
    ...shown.map((one) => ({
      attempt: "",
      kind: one.kind,
      sent: one.sent === null ? "sent in other pieces" : String(one.sent),
      held: String(one.held),
    })),
  ];
}
