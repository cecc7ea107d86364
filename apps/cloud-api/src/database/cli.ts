import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { DatabaseProblem, databaseAddress } from "./database-problem.ts";
import { dumpDatabase } from "./dump-database.ts";
import { diffSchema } from "./diff-schema.ts";
import { startEmbeddedPostgres } from "./embedded.ts";
import { migrate, settleMigration } from "./migrate.ts";
import { resetDatabase } from "./reset-database.ts";

const HELP = `Usage: node cli.ts <verb> [options]        (in a checkout: pnpm db:migrate, pnpm db:diff, pnpm db:reset)

  migrate                      apply what is missing of the migrations
    --applied NAME             say that a migration that broke off was completed by hand
    --rolled-back NAME         say that a migration that broke off was undone by hand
  diff                         show drift between prisma/schema.prisma and the migrations
  reset --yes                  remove everything in the database and migrate afresh
  dump                         write every row of every table to stdout, a line of JSON each; nothing is changed

The database is that of WEIR_DATABASE_OWNER_URL or WEIR_DATABASE_URL, or of the files that these with _FILE name; without them, the embedded one in WEIR_EMBEDDED_DIRECTORY (default ./.weir).
Exit codes: 0 done, and no drift · 1 failed · 2 drift · 64 called wrongly

Example: WEIR_DATABASE_URL=postgres://weir@db.example/weir pnpm db:migrate
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
/** Beside what was asked for: a dump on stdout is a dump and nothing else. */
const remark = (text: string): void => void process.stderr.write(`${text}\n`);

/** Called wrongly: told with a pointer to the help, exit code 64. */
class UsageError extends Error {}

interface Flags {
  readonly applied?: string | undefined;
  readonly "rolled-back"?: string | undefined;
  readonly yes?: boolean | undefined;
}

const VERBS: Record<string, (url: string, flags: Flags) => Promise<number>> = {
  async migrate(url, flags) {
    if (flags.applied !== undefined) await settleMigration(url, flags.applied, "applied");
    if (flags["rolled-back"] !== undefined) await settleMigration(url, flags["rolled-back"], "rolled-back");
    return tellMigrated(url, await migrate(url));
  },
  async diff(url) {
    const script = await diffSchema(url);
    say(script === null ? "No drift: the migrations make what prisma/schema.prisma says." : script);
    return script === null ? 0 : 2;
  },
  async reset(url, flags) {
    if (!flags.yes) {
      throw new UsageError(`This removes everything in ${databaseAddress(url)}, for good. Say so with: db:reset --yes`);
    }
    return tellMigrated(url, await resetDatabase(url));
  },
  async dump(url) {
    // Whoever reads has seen enough.
    process.stdout.on("error", () => process.exit(1));
    const rows = await dumpDatabase(url, process.stdout);
    remark(`${rows} rows of ${databaseAddress(url)} were written.`);
    return 0;
  },
};

function tellMigrated(url: string, names: readonly string[]): number {
  for (const name of names) say(`Applied ${name}`);
  say(`${databaseAddress(url)} is up to date.`);
  return 0;
}

async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = readArguments(args);
  const verb = VERBS[positionals[0] ?? ""];
  if (values.help || positionals.length === 0) {
    process.stdout.write(HELP);
    return values.help ? 0 : 64;
  }
  if (verb === undefined || positionals.length > 1) {
    throw new UsageError(`There is no verb \`${positionals.join(" ")}\`: migrate, diff, reset and dump are there.`);
  }
  return await withDatabase((url) => verb(url, values));
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        applied: { type: "string" },
        "rolled-back": { type: "string" },
        yes: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A variable, or what stands in the file that `<name>_FILE` names. */
function givenUrl(name: string): string | null {
  const file = process.env[`${name}_FILE`];
  return process.env[name] || (file ? readFileSync(file, "utf8").trim() : null);
}

async function withDatabase(work: (url: string) => Promise<number>): Promise<number> {
  const url = givenUrl("WEIR_DATABASE_OWNER_URL") ?? givenUrl("WEIR_DATABASE_URL");
  if (url !== null) return await work(url);
  // As the cloud itself does: its Postgres stands in the folder `postgres` of its directory.
  const directory = `${process.env.WEIR_EMBEDDED_DIRECTORY ?? "./.weir"}/postgres`;
  if (!existsSync(directory)) remark(`WEIR_DATABASE_URL is not set: using an embedded Postgres, made in ${directory}.`);
  const embedded = await startEmbeddedPostgres({ directory, log: { debug: () => {}, info: remark, warn: remark } });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\nSee --help.\n`);
  else
    process.stderr.write(
      `${error instanceof DatabaseProblem ? error.message : `The database said: ${String(error)}`}\n`,
    );
  process.exitCode = error instanceof UsageError ? 64 : 1;
}
