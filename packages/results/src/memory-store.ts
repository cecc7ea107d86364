import { hash } from "node:crypto";
import { decodeJson } from "./json-decode.ts";
import { encodeJson } from "./json-encode.ts";
import { resultPath } from "./location.ts";
import { StoreError, type Store, type Where, type Written } from "./store.ts";

/**
 * A store that keeps results in this process and forgets them with it. For tests, and for values that may be computed again.
 * Values pass through the same serializer as anywhere else, so what works here works on disk.
 * @example const report = task("report", { result: memoryStore() }, async () => render());
 */
export function memoryStore(): Store {
  const kept = new Map<string, string>();
  return {
    kind: "memory",
    async write(value: unknown, where: Where): Promise<Written> {
      const text = encodeJson(value);
      const location = `memory:${resultPath(where)}`;
      kept.set(location, text);
      return { location, bytes: Buffer.byteLength(text), sha256: hash("sha256", text) };
    },
    async read(location: string): Promise<unknown> {
      const text = kept.get(location);
      if (text !== undefined) return decodeJson(text);
      throw new StoreError(
        "RESULT_READ_FAILED",
        `No result is kept at ${location}: a memory store forgets everything when its process ends. Start a new run, or give the task a store that lasts.`,
      );
    },
    exists: async (location: string) => kept.has(location),
  };
}
