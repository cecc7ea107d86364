import { lazyBytes, valueStore } from "../content.ts";
import { pathOf } from "../location/render-location.ts";
import { checkTemplate } from "../location/template.ts";
import { chosenSerializer, type SerializerOptions } from "../serializer/serializer.ts";
import { StoreError, type Store, type Where } from "../store.ts";
import type { Root } from "./object-bytes.ts";
import type { Objects } from "./objects.ts";

/** Options that all stores of objects have. */
export interface ObjectStoreOptions extends SerializerOptions {
  /** Before every key: `results/production`. Nothing outside of it is read or written. */
  readonly prefix?: string;
  /** Template of the key below the prefix: see `renderLocation`. What is there already is never replaced by something else. */
  readonly location?: string;
}

/** A store over a bucket. What talks to the service is loaded when it is first used. */
export function objectStore(
  kind: string,
  url: string,
  options: ObjectStoreOptions,
  load: () => Promise<Objects>,
): Store {
  if (options.location !== undefined) checkTemplate(options.location);
  const prefix = checkedPrefix(options.prefix ?? "");
  const root: Root = {
    url,
    prefix,
    place: (where, serializer) => ({
      location: url + prefix + pathOf(where, options.location, serializer),
      isTemplated: (where.template ?? options.location) !== undefined,
    }),
  };
  const open = async (act: "write" | "read") => {
    try {
      const [{ ObjectBytes }, objects] = await Promise.all([import("./object-bytes.ts"), load()]);
      return new ObjectBytes(kind, objects, root);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const code = act === "write" ? "RESULT_WRITE_FAILED" : "RESULT_READ_FAILED";
      throw new StoreError(code, `Could not ${act} results at ${url}${prefix}: ${reason}.`, { cause });
    }
  };
  const locate = (where: Where, serializer: string) => root.place(where, serializer).location;
  return valueStore(lazyBytes({ kind, template: options.location, locate }, open), chosenSerializer(options));
}

function checkedPrefix(prefix: string): string {
  const trimmed = prefix.replace(/\/+$/, "");
  if (trimmed === "") return "";
  if (!trimmed.split("/").some((segment) => segment === "" || segment === "." || segment === ".."))
    return `${trimmed}/`;
  throw new StoreError(
    "LOCATION_INVALID",
    `The prefix ${JSON.stringify(prefix)} cannot be used: it begins with a slash, holds two in a row, or a "." or "..".`,
  );
}
