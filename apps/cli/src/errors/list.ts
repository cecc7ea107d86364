import { readErrors, type WithheldError } from "@weir/gate";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "../runs/checked-id.ts";
import { cleanLine } from "../terminal/clean.ts";
import { tableLines } from "../terminal/table.ts";
import { errorsDirectory } from "./errors-directory.ts";

interface Options {
  readonly directory?: string;
  readonly run?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `weir errors list` */
export async function list(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const directory = errorsDirectory(io, options.directory);
  const run = options.run === undefined ? null : checkedId(options.run);
  const all = await readErrors(directory);
  const errors = all.filter((error) => run === null || error.run === run).slice(0, options.limit);
  if (options.json) printDocument(io, { errors });
  else if (errors.length === 0) line(io, `No error of which only an id has left is kept in ${directory}.`);
  else for (const text of tableLines(io, COLUMNS, errors)) line(io, text);
  return EXIT.ok;
}

const COLUMNS = [
  { title: "id", width: 20, text: ({ id }: WithheldError) => id },
  { title: "at", width: 24, text: ({ at }: WithheldError) => new Date(at).toISOString() },
  {
    title: "task run",
    width: 8,
    text: ({ number }: WithheldError) => (number === undefined ? "flow" : String(number)),
  },
  { title: "error", width: 42, text: (error: WithheldError) => cleanLine(headOf(error)) },
];

function headOf({ message, failure }: WithheldError): string {
  return failure === undefined ? (message ?? "") : `${failure.name}: ${failure.message}`;
}
