import { CommanderError } from "commander";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { type Io, printDocument } from "./io.ts";
import { buildProgram } from "./program.ts";

/** Runs one command line and gives its exit code. Never throws. */
export async function runCli(argv: readonly string[], io: Io, version: string): Promise<ExitCode> {
  const chosen: { work: ((io: Io) => Promise<ExitCode>) | null; json: boolean } = {
    work: null,
    json: argv.includes("--json"),
  };
  const program = buildProgram(version, (work, json) => Object.assign(chosen, { work, json }));
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
    command
      .exitOverride()
      .showHelpAfterError(`Try: ${namesOf(command)} --help`)
      .configureOutput({
        writeOut: io.out,
        writeErr: io.err,
        getOutHelpWidth: () => io.columns,
        getErrHelpWidth: () => io.columns,
      });
  try {
    program.parse(argv, { from: "user" });
    return chosen.work === null ? EXIT.ok : await chosen.work(io);
  } catch (error) {
    if (error instanceof CommanderError) return afterParsing(io, error, chosen.json);
    return await tellError(io, error, chosen.json);
  }
}

function namesOf(command: { name(): string; parent: { name(): string; parent: unknown } | null }): string {
  const names = [command.name()];
  for (let above = command.parent; above !== null; above = above.parent as typeof above) names.unshift(above.name());
  return names.join(" ");
}

/** Commander has told everything itself; help that was asked for is no error. */
function afterParsing(io: Io, error: CommanderError, json: boolean): ExitCode {
  if (error.exitCode === 0) return EXIT.ok;
  if (json) printDocument(io, { error: { code: "USAGE", message: error.message, exitCode: EXIT.usage } });
  return EXIT.usage;
}

async function tellError(io: Io, error: unknown, json: boolean): Promise<ExitCode> {
  const { reportOf } = await import("./error-report.ts");
  const { clean } = await import("./terminal/clean.ts");
  if (io.interrupted.aborted) {
    io.err("\nInterrupted.\n");
    return EXIT.interrupted;
  }
  const report = reportOf(error);
  const message = clean(report.message);
  if (json) printDocument(io, { error: { ...report, message } });
  io.err(`${io.paint.red("✗")} ${message}\n`);
  if (io.env.WEIR_DEBUG && error instanceof Error) io.err(`${error.stack ?? ""}\n`);
  return report.exitCode;
}
