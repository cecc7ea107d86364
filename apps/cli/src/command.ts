import { type Command, InvalidArgumentError, Option } from "commander";
import { EXIT, EXIT_MEANINGS, type ExitCode, type ExitName } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** What every command says of itself in `--help`. */
export interface CommandSpec {
  readonly summary: string;
  /** More than the summary, where it is needed. */
  readonly details?: string;
  /** Whole command lines, each of which works. */
  readonly examples: readonly string[];
  readonly exits: readonly ExitName[];
  /** What the one document of --json holds. */
  readonly json: string;
}

/** The work of a command: what was typed, and the options by their names. */
export type Work<O> = (io: Io, args: readonly string[], options: O) => Promise<ExitCode>;

/** Joins a command with its work, which is loaded only when it is wanted. */
export type Lazily = <O>(load: () => Promise<Work<O>>) => (...given: unknown[]) => void;

/** For options that may be repeated. */
export const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** For options and arguments that take a count. */
export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
  };
}

const NETWORKED: readonly ExitName[] = ["auth", "network", "interrupted"];

/** Exit codes of a command that asks the cloud. */
export const exitsWith = (...more: ExitName[]): readonly ExitName[] => ["ok", "usage", ...more, ...NETWORKED];

/** Gives a command its help and its --json. */
export function describe(command: Command, spec: CommandSpec): Command {
  const examples = spec.examples.map((example) => `  $ ${example}`).join("\n");
  const exits = Object.entries(EXIT)
    .filter(([name]) => spec.exits.includes(name as ExitName))
    .map(([name, code]) => `  ${String(code).padStart(3)}  ${EXIT_MEANINGS[name as ExitName]}`);
  const plural = spec.examples.length > 1 ? "Examples" : "Example";
  return command
    .summary(spec.summary)
    .description(spec.details === undefined ? sentence(spec.summary) : `${sentence(spec.summary)}\n\n${spec.details}`)
    .addOption(new Option("--json", `print one JSON document instead: ${spec.json}`))
    .addHelpText("after", `\n${plural}:\n${examples}\n\nExit codes:\n${exits.join("\n")}`);
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
