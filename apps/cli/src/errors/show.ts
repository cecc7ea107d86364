import { readErrors, type WithheldError } from "@weir/gate";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { clean } from "../terminal/clean.ts";
import { errorsDirectory } from "./errors-directory.ts";
import { failureLines } from "./failure-lines.ts";

interface Options {
  readonly directory?: string;
  readonly json?: boolean;
}

/** `weir errors show ID` */
export async function show(io: Io, [given = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const directory = errorsDirectory(io, options.directory);
  const id = checkedErrorId(given);
  const error = (await readErrors(directory)).find((one) => one.id === id);
  if (error === undefined) throw absent(id, directory);
  if (options.json) printDocument(io, { error });
  else for (const text of errorLines(io, error)) line(io, text);
  return EXIT.ok;
}

function checkedErrorId(text: string): string {
  const id = text.trim().toLowerCase();
  if (/^err_[0-9a-f]{16}$/.test(id)) return id;
  const message = `${JSON.stringify(text)} is no id of an error: those are such as err_5f0c2a91b7d3e846. \`weir errors list\` shows those of this agent.`;
  throw new CliError(EXIT.usage, "INVALID", message);
}

function absent(id: string, directory: string): CliError {
  const message = `There is no error ${id} in ${directory}. Its text stands where the agent that ran the task keeps its files: name that directory with --directory. Errors older than the last 64 MB are gone.`;
  return new CliError(EXIT.notFound, "NOT_FOUND", message);
}

function errorLines(io: Io, { id, at, run, number, state, message, failure }: WithheldError): string[] {
  const of = number === undefined ? "the flow itself" : `task run ${number}`;
  return [
    `${id}  ${new Date(at).toISOString()}  run ${clean(run)}, ${of}: ${clean(state)}`,
    ...(message === undefined ? [] : clean(message).split("\n")),
    ...(failure === undefined ? [] : ["", ...failureLines(failure)]).map((text) => io.paint.dim(text)),
  ];
}
