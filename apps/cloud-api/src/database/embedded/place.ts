import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseProblem } from "../database-problem.ts";
import { endLeftover, isServed } from "./leftover.ts";
import { canEnter } from "./system-user.ts";
import type { SystemUser } from "./system-user.ts";

/**
 * The folder in which the data directory lies: `directory` itself, or, where the user that Postgres runs as cannot enter it, one below
 * `shared`, named after it. A mark in both says that they belong together: when `directory` was removed in between, what is left of it
 * there is removed too, as its password is gone.
 */
export async function findPlace(directory: string, user: SystemUser | null, shared: string): Promise<string> {
  const markFile = join(directory, "place");
  const mark = await readFile(markFile, "utf8").catch(() => null);
  if (mark === null && canEnter(user, directory)) return directory;
  if (existsSync(join(directory, "data"))) throw unreadable(directory, user);
  const origin = await realpath(directory);
  const places = join(shared, "postgres");
  const place = join(places, createHash("sha256").update(origin).digest("hex").slice(0, 16));
  const known = await readFile(join(place, "place"), "utf8").catch(() => null);
  if (mark !== null && mark === known) return place;
  await removeForgotten(places);
  await endLeftover(join(place, "data"));
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true, mode: 0o755 });
  const newMark = randomUUID();
  await writeFile(join(place, "place"), newMark);
  await writeFile(join(place, "origin"), origin);
  await writeFile(markFile, newMark);
  return place;
}

/**
 * Removes what belonged to temporary directories that are gone: tests and trials would fill the disk with 50 MB each. Others stay, since a
 * directory that is not there may be on a disk that is not mounted just now.
 */
async function removeForgotten(places: string): Promise<void> {
  const temporary = `${await realpath(tmpdir())}/`;
  for (const name of await readdir(places).catch(() => [])) {
    const origin = await readFile(join(places, name, "origin"), "utf8").catch(() => null);
    if (origin === null || !origin.startsWith(temporary) || existsSync(origin)) continue;
    if (!isServed(join(places, name, "data"))) await rm(join(places, name), { recursive: true, force: true });
  }
}

function unreadable(directory: string, user: SystemUser | null): DatabaseProblem {
  return new DatabaseProblem(
    "EMBEDDED_FAILED",
    `The data in ${join(directory, "data")} cannot be read by the user ${user?.name ?? "that runs this"} any more, in whose name Postgres ` +
      "runs. Let others enter the folders above it again (`chmod o+x`), or remove the directory to begin afresh.",
  );
}
