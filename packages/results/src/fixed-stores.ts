import { hash } from "node:crypto";
import { safeName } from "./location/result-path.ts";
import { StoreError, type Store, type Where } from "./store.ts";

/**
 * A store of one value that is there from the start: whatever location is read, it is that one. Nothing can be written to it.
 * @example const limits = task("limits", { result: constantStore({ rows: 1_000 }), checkpoint: false }, () => ({ rows: 1_000 }));
 */
export function constantStore(value: unknown): Store {
  return {
    kind: "constant",
    async write(_value, where) {
      const name = JSON.stringify(where.task);
      throw new StoreError(
        "RESULT_WRITE_FAILED",
        `The result of the task ${name} was not written: its store is a constant, which only reads. Give the task another store, or \`checkpoint: false\`.`,
      );
    },
    read: async () => value,
    exists: async () => true,
    locate: () => "constant:",
  };
}

/** Digest of nothing: a secret's own digest would let whoever sees it test guesses. */
const NOTHING = hash("sha256", "");

/**
 * A store for secrets: it writes nothing at all, and reading asks for the secret again, so that a restart finds its value of that time.
 * The location is the task's name, nothing of the value.
 * @param readSecret asks wherever the secret is kept.
 * @example const password = task("password", { result: secretStore(() => vault.read("db")) }, () => vault.read("db"));
 */
export function secretStore(readSecret: () => unknown): Store {
  const locate = (where: Where) => `secret:${safeName(where.task)}`;
  return {
    kind: "secret",
    write: async (_value, where) => ({ location: locate(where), bytes: 0, sha256: NOTHING }),
    async read(location) {
      try {
        return await readSecret();
      } catch (cause) {
        const message = `Could not read the secret ${location} again: ${reasonOf(cause)}. Check that this machine can reach it, and restart the run.`;
        throw new StoreError("RESULT_READ_FAILED", message);
      }
    },
    exists: async () => true,
    locate,
  };
}

// The message of an error of the user's, or of a library, could hold the secret; Weir's own never do. The error itself is not handed on.
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return `it threw a ${typeof cause}`;
  const isOurs = "code" in cause && cause.code === "SECRET_MISSING";
  return isOurs ? cause.message.replace(/\.$/, "") : `reading it threw ${cause.name}`;
}
