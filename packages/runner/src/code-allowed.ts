import { realpathSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import type { Failure, FlowStorage } from "@weir/protocol";
import { staysBelow } from "./code-check.ts";

function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Where a path truly leads; null when nothing is there, or it cannot be looked at. */
function truePath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

const notAllowed = (message: string): Failure => ({ name: "NotAllowed", message, code: "NOT_ALLOWED" });

/**
 * Checks where a flow's code lies, before any of it is read: the place came from the cloud. Symbolic links are followed first, so that one
 * below an allowed directory does not lead out of it.
 * @param directories `codeDirectories` of the policy file; null: anywhere
 * @param truth where a path truly leads, null when nowhere
 * @returns the failure NOT_ALLOWED; null when it may be read
 */
export function codeNotAllowed(
  storage: FlowStorage,
  directories: readonly string[] | null,
  truth: (path: string) => string | null = truePath,
): Failure | null {
  const { entry } = storage;
  const place = storage.kind === "local" ? storage.directory : storage.location;
  if (!isAbsolute(place) || place.includes("\0") || entry.includes("\0") || !staysBelow(entry))
    return notAllowed(
      "The place of the flow's code is no absolute path with a file below it, so it is not looked for.",
    );
  if (directories === null) return null;
  const allowed = directories.flatMap((path) => truth(path) ?? []);
  // Stored code lies there under its digests: there is no entry yet that a link could lead away.
  const places = storage.kind === "local" ? [place, join(place, entry)] : [place];
  const inside = places.map((path) => truth(path)).every((path) => path !== null && isBelowAny(allowed, path));
  if (inside) return null;
  return notAllowed(
    "The flow's code does not lie below the directories that the policy file of this agent lists under code.directories. Register the flow from one of those, or add its directory there.",
  );
}

const isBelowAny = (directories: readonly string[], path: string): boolean =>
  directories.some((directory) => isWithin(directory, path));
