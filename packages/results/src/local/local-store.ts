import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { lazyBytes, valueStore } from "../content.ts";
import { pathOf } from "../location/render-location.ts";
import { checkTemplate } from "../location/template.ts";
import { chosenSerializer, type SerializerOptions } from "../serializer/serializer.ts";
import type { Store, Where } from "../store.ts";

/** Options of `localStore`. */
export interface LocalStoreOptions extends SerializerOptions {
  /** Absolute, or from the working directory of now. */
  readonly directory: string;
  /** Template of the path below the directory: see `renderLocation`. What is there already is never replaced by something else. */
  readonly location?: string;
}

/**
 * Results as files below a directory of this machine: `<flow>/<run id>/<task>-<number>[.<map index>]-a<attempt>-t<try>[-l<turn>].json`.
 * Small results of a run that come together, and those after its 64th, share a file, `pack-a<attempt>-….jsonl`, a line each.
 * Results are flushed to the disk, whole or absent, and readable by this user only. Locations are `file:` URLs; one that leads out of
 * the directory is not read. JSON lies there as it is; what another serializer wrote has a first line that says which.
 * @throws StoreError `LOCATION_INVALID` when `location` is no template.
 * @example const clean = task("clean", { result: localStore({ directory: "/data/results" }) }, async (rows: Row[]) => rows.filter(isGood));
 */
export function localStore(options: LocalStoreOptions): Store {
  if (options.location !== undefined) checkTemplate(options.location);
  const directory = resolve(options.directory);
  const pathFor = (where: Where, serializer: string) => join(directory, pathOf(where, options.location, serializer));
  const locate = (where: Where, serializer: string) => pathToFileURL(pathFor(where, serializer)).href;
  const bytes = lazyBytes({ kind: "local", template: options.location, locate }, async () => {
    const [{ LocalWriter }, { LocalReader }] = await Promise.all([
      import("./local-writer.ts"),
      import("./local-reader.ts"),
    ]);
    const writer = new LocalWriter(pathFor, options.location !== undefined);
    const reader = new LocalReader(directory);
    return {
      kind: "local",
      write: (content, where) => writer.write(content, where),
      read: (location) => reader.read(location),
      exists: (location) => reader.exists(location),
    };
  });
  return valueStore(bytes, chosenSerializer(options));
}
