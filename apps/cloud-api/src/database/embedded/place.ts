import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseProblem } from "../database-problem.ts";
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
  const key = createHash("sha256")
    .update(await realpath(directory))
    .digest("hex")
    .slice(0, 16);
  const place = join(shared, "postgres", key);
  const known = await readFile(join(place, "place"), "utf8").catch(() => null);
  if (mark !== null && mark === known) return place;
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true, mode: 0o755 });
  const newMark = randomUUID();
  await writeFile(join(place, "place"), newMark);
  await writeFile(markFile, newMark);
  return place;
}

function unreadable(directory: string, user: SystemUser | null): DatabaseProblem {
  return new DatabaseProblem(
    "EMBEDDED_FAILED",
    `The data in ${join(directory, "data")} cannot be read by the user ${user?.name ?? "that runs this"} any more, in whose name Postgres ` +
      "runs. Let others enter the folders above it again (`chmod o+x`), or remove the directory to begin afresh.",
  );
}
