import Type from "typebox";
import { group, message, metadata, optional } from "./data-class.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";

// What sealed data looks like on the line. How it is made and opened stands in seal/ (`@weir/protocol/seal`), which needs JOSE.

/** A text that is sealed with the key of its run: this, then a compact JWE (`dir`, A256GCM) whose `kid` is the id of the run's key. */
export const SEALED_TEXT = "sealed:";

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

/** The content key of a run's attempt, wrapped for every recipient: a JWE in general JSON form, as text. The cloud keeps it beside what it seals. */
export const SealKey = message({
  /** 22 random base64url characters; `kid` of what is sealed with it. */
  id: metadata(Type.String({ pattern: "^[A-Za-z0-9_-]{22}$" })),
  key: metadata(fields.text(LIMITS.sealKeyLength)),
});
export type SealKey = Type.Static<typeof SealKey>;

/** Keys of what else a message carries sealed. */
export const sealKeysGroup = () => optional(group(Type.Array(SealKey, { maxItems: LIMITS.sealKeys })));
