import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** A path as people write it: from the folder that they stand in, when it lies below. Takes file: URLs too. */
export function shortPath(cwd: string, path: string): string {
  const absolute = path.startsWith("file:") ? fileURLToPath(path) : path;
  const below = relative(cwd, absolute);
  return below === "" || below.startsWith("..") || isAbsolute(below) ? absolute : below;
}
