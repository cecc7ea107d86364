import type { TaskRun } from "../connection/answers.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { cleanLine } from "../terminal/clean.ts";

/** A task run whose result lies somewhere. */
export type Written = TaskRun & { readonly location: string };

/**
 * The task run that is meant: by its number, or by the name of its task.
 * @throws CliError when there is none, several, or it wrote nothing
 */
export function taskRunOf(taskRuns: readonly TaskRun[], meant: string): Written {
  const found = /^\d+$/.test(meant)
    ? taskRuns.filter(({ number }) => number === Number(meant))
    : taskRuns.filter(({ task }) => task === meant);
  const written = found.filter((run): run is Written => run.location !== null);
  const [only, ...more] = written;
  if (only === undefined) throw noResult(found, meant);
  if (more.length === 0) return only;
  const numbers = written.slice(0, 20).map(({ number }) => number);
  const message = `The task ${JSON.stringify(cleanLine(meant))} wrote ${written.length} results in this run: those of the task runs ${numbers.join(", ")}${more.length >= 20 ? ", …" : ""}. Name one by its number.`;
  throw new CliError(EXIT.usage, "AMBIGUOUS", message);
}

function noResult([found]: readonly TaskRun[], meant: string): CliError {
  const message =
    found === undefined
      ? `This run has no task run ${JSON.stringify(cleanLine(meant))}. \`weir runs show\` lists those that it has.`
      : `The task run ${found.number} (${cleanLine(found.task)}) is ${found.state} and wrote no result.`;
  return new CliError(EXIT.notFound, "NOT_FOUND", message);
}
