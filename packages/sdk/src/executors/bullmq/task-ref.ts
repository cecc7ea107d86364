import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { TaskPlace } from "../task-registry.ts";

/** Names a task for another machine, where the same code may lie in another directory. */
export interface TaskRef {
  readonly name: string;
  /** File that defines it, below the nearest directory that has a package.json. */
  readonly path: string;
  readonly index: number;
}

function projectOf(file: string): string {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (existsSync(join(directory, "package.json"))) return directory;
    if (directory === dirname(directory)) return dirname(file);
  }
}

export function refOf({ name, file, index }: TaskPlace): TaskRef {
  const path = fileURLToPath(file);
  return { name, path: relative(projectOf(path), path).replaceAll(sep, "/"), index };
}

/** The task that is meant, among those of a worker: that of the same file, else the only one of that name. */
export function placeAmong(places: readonly TaskPlace[], { name, path, index }: TaskRef): TaskPlace | null {
  const named = places.filter((place) => place.name === name);
  const same = named.find((place) => place.index === index && refOf(place).path === path);
  if (same !== undefined) return same;
  return named.length === 1 ? (named[0] ?? null) : null;
}
