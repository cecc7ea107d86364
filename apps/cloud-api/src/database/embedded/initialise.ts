import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chown, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { DatabaseProblem } from "../database-problem.ts";
import type { Binaries } from "./binaries.ts";
import { identity } from "./system-user.ts";
import type { SystemUser } from "./system-user.ts";

/** Name of the embedded server's owner, who may do everything there. */
export const OWNER = "weir";

const STAGED = "data.new-";

/**
 * Makes the data directory `place`/data when it is not there yet, with `password` for its owner. It is made beside its place and moved
 * there in one step: an initialisation that was cut off leaves nothing that looks like a database.
 * @throws DatabaseProblem when it cannot be made, or belongs to another major version of Postgres.
 */
export async function initialise(
  place: string,
  password: string,
  binaries: Binaries,
  user: SystemUser | null,
): Promise<string> {
  const data = join(place, "data");
  const version = await readFile(join(data, "PG_VERSION"), "utf8").catch((error: NodeJS.ErrnoException) => {
    // Unreadable is not missing: it belongs to someone else, and Postgres will say so.
    return error.code === "ENOENT" ? null : binaries.major;
  });
  if (version !== null && version.trim() !== binaries.major) throw otherVersion(data, version.trim(), binaries.major);
  if (version !== null) return data;
  await removeStaged(place);
  const staged = join(place, STAGED + randomBytes(6).toString("hex"));
  await mkdir(staged, { mode: 0o700 });
  await give(staged, user);
  await runInitdb(staged, password, binaries, user);
  await rename(staged, data);
  return data;
}

async function removeStaged(place: string): Promise<void> {
  const names = (await readdir(place)).filter((name) => name.startsWith(STAGED));
  for (const name of names) await rm(join(place, name), { recursive: true, force: true });
}

async function runInitdb(staged: string, password: string, binaries: Binaries, user: SystemUser | null): Promise<void> {
  const passwordFile = `${staged}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  await give(passwordFile, user);
  // The built-in locale sorts the same on every machine, whatever locales it has.
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const sync = process.platform === "linux" ? ["--sync-method=syncfs"] : [];
  const access = ["--auth=scram-sha-256", `--username=${OWNER}`, `--pwfile=${passwordFile}`];
  try {
    const child = spawn(binaries.initdb, [`--pgdata=${staged}`, ...access, ...locale, ...sync, "--no-instructions"], {
      ...identity(user),
      cwd: "/",
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, "close") as Promise<[number | null]>]);
    if (code !== 0) throw new Error(said.trim().split("\n").slice(-3).join(" · ") || `initdb ended with ${code}`);
  } catch (cause) {
    await rm(staged, { recursive: true, force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseProblem("EMBEDDED_FAILED", `The embedded Postgres could not be set up in ${staged}: ${reason}`, {
      cause,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function give(path: string, user: SystemUser | null): Promise<void> {
  if (user !== null) await chown(path, user.uid, user.gid);
}

function otherVersion(data: string, is: string, wanted: string): DatabaseProblem {
  return new DatabaseProblem(
    "EMBEDDED_FAILED",
    `The data in ${data} was written by Postgres ${is}, and this release of Weir brings Postgres ${wanted}, which cannot read it. Carry it ` +
      "over with pg_upgrade or dump and restore, or move the directory away to begin afresh.",
  );
}
