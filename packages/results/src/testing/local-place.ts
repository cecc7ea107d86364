import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type LocalStoreOptions, localStore } from "../local/local-store.ts";
import { altered, type Place } from "./stage.ts";

export async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "weir results "));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  return directory;
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Does something to each file below a directory. */
export async function eachFile(directory: string, work: (path: string, data: Buffer) => Promise<void>): Promise<void> {
  for (const path of await filesBelow(directory)) await work(path, await readFile(path));
}

/** A directory, and what can happen to it. */
export function localDamage(directory: string): Required<Pick<Place, "vanish" | "truncate" | "alter">> {
  return {
    vanish: async () => await eachFile(directory, async (path) => await rm(path)),
    truncate: async () => await eachFile(directory, async (path, data) => await truncate(path, data.length - 1)),
    alter: async () => await eachFile(directory, async (path, data) => await writeFile(path, altered(data))),
  };
}

/** What is JSON is stored as it is, so a change that keeps the size and the JSON is not found out: nobody but the user can make it. */
export async function localPlace(options: Omit<LocalStoreOptions, "directory"> = {}): Promise<Place> {
  const directory = await emptyDirectory();
  const { vanish, truncate: cut } = localDamage(directory);
  return { open: () => localStore({ directory, ...options }), isShared: true, vanish, truncate: cut };
}
