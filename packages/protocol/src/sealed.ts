import Type from "typebox";
import { group, message, metadata, optional } from "./data-class.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";

export * from "./sealed-form.ts";

// What goes along with sealed data on the line. How that is made and opened stands in seal/ (`@weir/protocol/seal`), which needs JOSE.

/** The content key of a run's attempt, wrapped for every recipient: a JWE in general JSON form, as text. The cloud keeps it beside what it seals. */
export const SealKey = message({
  /** 22 random base64url characters; `kid` of what is sealed with it. */
  id: metadata(Type.String({ pattern: "^[A-Za-z0-9_-]{22}$" })),
  key: metadata(fields.text(LIMITS.sealKeyLength)),
});
export type SealKey = Type.Static<typeof SealKey>;

/** Keys of what else a message carries sealed. */
export const sealKeysGroup = () => optional(group(Type.Array(SealKey, { maxItems: LIMITS.sealKeys })));
