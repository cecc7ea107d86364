import { existsSync, readFileSync } from "node:fs";

/** What a watched process did. */
export type Deed =
  /** It began, with the watcher in it. */
  | "began"
  /** It started another program. */
  | "started"
  /** It opened a connection, or tried to. */
  | "connected to"
  /** It sent a request, also on a connection that was open already. */
  | "asked"
  /** It looked a name up. */
  | "looked up"
  /** It sent a datagram. */
  | "sent to";

/** One thing that a watched process did, as `watch.ts` saw it. */
export interface Sighting {
  readonly pid: number;
  /** Main file of the process, from the repository's root where it lies below it. */
  readonly program: string;
  readonly deed: Deed;
  /** `host:port`, path of a socket, origin of a URL, name that was looked up, or main file of what was started. */
  readonly target: string;
  /** Our modules that led to it, the innermost first, from the repository's root. Empty: Node did it by itself. */
  readonly modules: readonly string[];
}

/** Everything that was seen so far; each is a line of JSON. */
export function readSightings(file: string): Sighting[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Sighting);
}
