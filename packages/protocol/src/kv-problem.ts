import { jsonProblem } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { isStorable } from "./storable.ts";

/** Why a value cannot be kept in the key-value store: a code that both sides tell, and a sentence. */
export interface KvProblem {
  readonly code: "INVALID" | "TOO_LARGE";
  readonly message: string;
}

/**
 * What is wrong with a value of the key-value store, before anything is done to it; null: nothing is. Sealed, the cloud could not tell any more.
 * @param mostBytes of UTF-8 JSON
 */
export function kvProblem(key: string, value: unknown, mostBytes: number = LIMITS.kvValueBytes): KvProblem | null {
  const what = `The value of the key ${JSON.stringify(key)}`;
  const problem = value === undefined ? "it is undefined" : jsonProblem(value, "it");
  if (problem !== null) return { code: "INVALID", message: `${what} cannot be kept: ${problem}.` };
  const text = JSON.stringify(value);
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > mostBytes) {
    const message = `${what} has ${bytes} bytes as JSON; the most is ${mostBytes}. Put the data into your own storage and keep where it lies.`;
    return { code: "TOO_LARGE", message };
  }
  if (isStorable(text)) return null;
  const message = `${what} holds a character that cannot be stored (NUL, or half of a surrogate pair).`;
  return { code: "INVALID", message };
}
