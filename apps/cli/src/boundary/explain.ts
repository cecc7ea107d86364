import { type LedgerEntry, readLedger } from "@weir/gate";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { directoryOf, withLedger } from "../ledger/options.ts";
import { type LedgerSummary, summarize } from "../ledger/summarize.ts";
import { checkedId } from "../runs/checked-id.ts";
import { bytes, count } from "../terminal/quantity.ts";
import { tableLines } from "../terminal/table.ts";
import { type SealedFor, sealedFor } from "./sealed-for.ts";

interface Options {
  readonly directory?: readonly string[];
  readonly json?: boolean;
}

interface Explained extends Pick<LedgerSummary, "messages" | "bytes" | "classes"> {
  readonly flowRunId: string;
  /** Keys of what was sealed, and whom they are for; null: nothing was sealed, or it is not known. */
  readonly sealKeys: readonly SealedFor[] | null;
  readonly remarks: readonly string[];
}

/** `weir boundary explain RUN` */
export async function explain(io: Io, [given = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const flowRunId = checkedId(given);
  const typed = options.directory ?? [];
  const directories = typed.length === 0 ? [directoryOf(io, undefined)] : typed.map((path) => directoryOf(io, path));
  const summed = await withLedger(() => summarize(entriesOf(directories, flowRunId)));
  if (summed.messages === 0) throw unknownRun(flowRunId, directories);
  const isSealed = summed.classes.some(({ deed }) => deed.split("+").includes("sealed"));
  const { sealKeys, remarks } = isSealed ? await sealedFor(io, flowRunId) : { sealKeys: null, remarks: [] };
  const { messages, bytes: size, classes } = summed;
  const explained = { flowRunId, messages, bytes: size, classes, sealKeys, remarks };
  if (options.json) printDocument(io, explained);
  else for (const text of explainLines(io, explained)) line(io, text);
  return EXIT.ok;
}

async function* entriesOf(directories: readonly string[], run: string): AsyncGenerator<LedgerEntry> {
  for (const directory of directories) yield* readLedger(directory, { run });
}

function unknownRun(run: string, directories: readonly string[]): CliError {
  const message = `Nothing about the run ${run} was sent by the agent of ${directories.join(", ")}. Another agent had it: name its directory with --directory, on its machine. \`weir runs show ${run}\` names the agent.`;
  return new CliError(EXIT.notFound, "NOT_FOUND", message);
}

/** What the ledger's words mean to a person. */
const MEANINGS: Readonly<Record<string, string>> = {
  sent: "sent as it was",
  redacted: "sent, with something struck out",
  cut: "sent, but cut: it was too long",
  hmac: "sent as a keyed HMAC",
  pseudonym: "a pseudonym was sent",
  sealed: "sealed: the cloud cannot read it",
  "id-only": "an id was sent, the text stayed in the agent's log",
  dropped: "not sent",
  withheld: "not sent: it could not be treated as the policy says",
};

const meaning = (deed: string): string =>
  deed
    .split("+")
    .map((one) => MEANINGS[one] ?? one)
    .join("; or ");

function explainLines(io: Io, { messages, bytes: size, classes, sealKeys, remarks }: Explained): string[] {
  const columns = [
    { title: "class", width: 12, text: (row: Row) => row.class },
    { title: "what was done", width: 60, text: (row: Row) => meaning(row.deed) },
    { title: "messages", width: 12, align: "right" as const, text: (row: Row) => row.messages.toLocaleString("en-US") },
  ];
  return [
    `${count(messages, "message")} about the run, ${bytes(size)}`,
    "",
    ...tableLines(io, columns, classes),
    ...(sealKeys === null ? [] : ["", ...keyLines(io, sealKeys)]),
    ...remarks.map((text) => io.paint.yellow(`! ${text}`)),
  ];
}

type Row = LedgerSummary["classes"][number];

function keyLines(io: Io, sealKeys: readonly SealedFor[]): string[] {
  return sealKeys.flatMap(({ id, recipients }) => [
    `What was sealed with the key ${id} opens for`,
    ...recipients.map(
      ({ kid, name }) => `  ${name ?? io.paint.red("somebody whom neither policy nor trust file names")}  ${kid}`,
    ),
  ]);
}
