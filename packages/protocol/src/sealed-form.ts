// How to see that something is sealed, for whoever cannot open it or has not loaded what opens it. Imports nothing.

/** A text that is sealed with the key of its run: this, then a compact JWE (`dir`, A256GCM) whose `kid` is the id of the run's key. */
export const SEALED_TEXT = "sealed:";

/** What every sealed text begins with: its header is JSON in base64url. A user's own text may well begin with "sealed:". */
export const SEALED_TEXT_BEGINNING = `${SEALED_TEXT}eyJ`;

/** A JSON value that is sealed: an object with this key alone. Its value is a sealed text, or a JWE in general JSON form where there is no run yet. */
export const SEALED_JSON = "$sealed";

export interface SealedJson {
  readonly [SEALED_JSON]: unknown;
}

export function isSealedText(value: unknown): value is string {
  return typeof value === "string" && value.startsWith(SEALED_TEXT);
}

/** Whether a JSON value is sealed as a whole. */
export function isSealedJson(value: unknown): value is SealedJson {
  return (
    typeof value === "object" && value !== null && Object.hasOwn(value, SEALED_JSON) && Object.keys(value).length === 1
  );
}
