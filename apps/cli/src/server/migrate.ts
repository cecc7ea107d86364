import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, printDocument } from "../io.ts";
import { cloudProgram } from "../processes/find-main.ts";
import { runInFront } from "../processes/run-in-front.ts";

/** `weir migrate`: what the cloud does at its start too, for those who want it apart. */
export async function migrate(io: Io, _args: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  if (!io.env.WEIR_DATABASE_URL && !io.env.WEIR_DATABASE_URL_FILE) {
    const message =
      "WEIR_DATABASE_URL is not set, so there is no database to migrate. Set it to postgresql://user@host:5432/name (a password goes into PGPASSWORD or ~/.pgpass). An embedded database is migrated when `weir dev` starts.";
    throw new CliError(EXIT.usage, "NO_DATABASE", message);
  }
  const code = await runInFront(io, {
    what: "migration",
    main: cloudProgram("database/cli", io.cwd),
    args: ["migrate"],
    env: io.env,
    ready: null,
    json: options.json === true,
    stdout: "answer",
    exits: {},
  });
  if (options.json) printDocument(io, { migrated: code === EXIT.ok });
  return code;
}
