import { StoreError, type Store } from "../store.ts";
import { pathOf } from "../location/render-location.ts";

/** A store as a user may write one: it knows values and nothing else of ours. */
export function ownStore(kept: Map<string, unknown>): Store {
  const locate: Store["locate"] = (where) => `own:${pathOf(where, undefined, "json")}`;
  return {
    kind: "own",
    locate,
    async write(value, where) {
      const location = locate(where);
      const isThere = where.template !== undefined && kept.has(location);
      if (isThere && JSON.stringify(kept.get(location)) !== JSON.stringify(value)) {
        const task = `${JSON.stringify(where.task)} (number ${where.taskRunNumber})`;
        throw new StoreError(
          "LOCATION_INVALID",
          `The result of ${task} was not written: another result lies at ${location}.`,
        );
      }
      kept.set(location, value);
      return { location, bytes: 1, sha256: "0".repeat(64) };
    },
    async read(location) {
      if (kept.has(location)) return kept.get(location);
      throw new StoreError("RESULT_READ_FAILED", `Nothing is kept at ${location}. Start a new run.`);
    },
    exists: async (location) => kept.has(location),
  };
}
