import { pathToFileURL } from "node:url";
import type { LogLine } from "../run-scope.ts";

/** The user's own say about log lines: plain functions, in a module that the policy file names. */
export interface LogFilter {
  /** Whether a line may leave at all. */
  readonly filter?: (line: LogLine) => boolean;
  /** The text that leaves in its place. What secrets it holds are struck out afterwards, as of every line. */
  readonly format?: (line: LogLine) => string;
}

/** A module of the user's that cannot be used. The message is a sentence for people. */
export class LogFilterError extends Error {
  override readonly name = "LogFilterError";
}

/**
 * Loads `filter` and `format` of a module.
 * @throws LogFilterError
 * @example createGate({ …, logFilter: await loadLogFilter(policy.logs.module) });
 */
export async function loadLogFilter(file: string | null): Promise<LogFilter | null> {
  if (file === null) return null;
  const { filter, format } = await loaded(file);
  for (const [name, value] of Object.entries({ filter, format }))
    if (value !== undefined && typeof value !== "function")
      throw new LogFilterError(`The log module ${file} exports "${name}", which is no function. Nothing was started.`);
  if (filter === undefined && format === undefined)
    throw new LogFilterError(
      `The log module ${file} exports neither "filter" nor "format". Export one of them, or take the module out of the policy file.`,
    );
  return { ...(filter ? { filter } : {}), ...(format ? { format } : {}) } as LogFilter;
}

async function loaded(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LogFilterError(
      `The log module ${file} of the policy file cannot be loaded: ${reason}. Nothing was started, because lines would leave unfiltered.`,
      { cause: error },
    );
  }
}

/** What stands where a line would stand that filter or formatter could not judge. Not why: the reason may hold the line. */
const UNJUDGED = "[withheld by Weir: the log module of the policy file failed on this line]";

/** The text of a line as the user's functions want it; null: the line is not to leave. */
export function judged({ filter, format }: LogFilter, line: LogLine): string | null {
  try {
    const wanted: unknown = filter === undefined ? true : filter(line);
    if (wanted === false) return null;
    const text: unknown = format === undefined ? line.text : format(line);
    // A filter that answers with a promise has not said yes.
    return wanted === true && typeof text === "string" ? text : UNJUDGED;
  } catch {
    return UNJUDGED;
  }
}
