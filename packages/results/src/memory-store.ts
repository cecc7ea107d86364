import { type ByteStore, checkSame, type Content, valueStore } from "./content.ts";
import { labelOf } from "./label.ts";
import { pathOf } from "./location/render-location.ts";
import { checkTemplate } from "./location/template.ts";
import { chosenSerializer, type SerializerOptions } from "./serializer/serializer.ts";
import { StoreError, type Store } from "./store.ts";

/** Options of `memoryStore`. */
export interface MemoryStoreOptions extends SerializerOptions {
  /** Template of the location: see `renderLocation`. What is there already is never replaced by something else. */
  readonly location?: string;
}

/**
 * A store that keeps results in this process and forgets them with it. For tests, and for values that may be computed again.
 * Values pass through the same serializer as anywhere else, so what works here works on disk.
 * @throws StoreError `LOCATION_INVALID` when `location` is no template.
 * @example const report = task("report", { result: memoryStore() }, async () => render());
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  if (options.location !== undefined) checkTemplate(options.location);
  return valueStore(memoryBytes(options.location), chosenSerializer(options));
}

function memoryBytes(template: string | undefined): ByteStore {
  const kept = new Map<string, Content>();
  const locate: ByteStore["locate"] = (where, serializer) => `memory:${pathOf(where, template, serializer)}`;
  return {
    kind: "memory",
    template,
    locate,
    async write(content, where) {
      const location = locate(where, content.serializer);
      const { bytes, sha256 } = labelOf(content);
      const there = (where.template ?? template) === undefined ? undefined : kept.get(location);
      if (there === undefined) kept.set(location, content);
      else
        await checkSame(
          content,
          { content: there, bytes: labelOf(there).bytes, writtenAt: undefined },
          location,
          where,
        );
      return { location, bytes, sha256 };
    },
    async read(location) {
      const content = kept.get(location);
      if (content !== undefined) return content;
      throw new StoreError(
        "RESULT_READ_FAILED",
        `No result is kept at ${location}: a memory store forgets everything when its process ends. Start a new run, or give the task a store that lasts.`,
      );
    },
    exists: async (location) => kept.has(location),
  };
}
