import { resolve } from "node:path";
import { encodeJson } from "./json-encode.ts";
import { LocalReader } from "./local-reader.ts";
import { LocalWriter } from "./local-writer.ts";
import type { Store } from "./store.ts";

/**
 * Results as JSON files below a directory of this machine: `<flow>/<run id>/<task>-<number>[.<map index>]-a<attempt>-t<try>.json`.
 * Small results of a run that come together, and those after its 64th, share a file, `pack-a<attempt>-….jsonl`, a line each.
 * Results are flushed to the disk, whole or absent, and readable by this user only. Locations are `file:` URLs; one that leads out of the directory is not read.
 * @param options.directory absolute, or from the working directory of now.
 * @example const clean = task("clean", { result: localStore({ directory: "/data/results" }) }, async (rows: Row[]) => rows.filter(isGood));
 */
export function localStore(options: { readonly directory: string }): Store {
  const directory = resolve(options.directory);
  const writer = new LocalWriter(directory);
  const reader = new LocalReader(directory);
  return {
    kind: "local",
    write: async (value, where) => await writer.write(encodeJson(value), where),
    read: (location) => reader.read(location),
    exists: (location) => reader.exists(location),
  };
}
