import { SEALED_TEXT, type SealKey } from "@weir/protocol";

// What the gate would send, as far as the cloud looks at it: nobody here could open it, and nobody tries.

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A wrapped content key; its id begins with the name. */
export const sealKey = (name: string): SealKey => ({
  id: name.padEnd(22, "_"),
  key: JSON.stringify(jwe(`key ${name}`)),
});

/** A text that is sealed with that key. */
export const sealedText = (name: string, text = ""): string =>
  `${SEALED_TEXT}${encoded({ alg: "dir", enc: "A256GCM", kid: sealKey(name).id })}..iv.${encoded({ text })}.tag`;

/** A JWE in general JSON form. */
export const jwe = (text: string) => ({
  protected: encoded({ enc: "A256GCM" }),
  recipients: [{ header: { alg: "ECDH-ES+A256KW", kid: "r".repeat(43) }, encrypted_key: "abc" }],
  iv: "iv",
  ciphertext: encoded({ text }),
  tag: "tag",
});

/** A JSON value that is sealed where there is no run yet. */
export const sealedJson = (text: string) => ({ $sealed: jwe(text) });

/** A failure that is sealed as a whole. */
export const sealedFailure = (key: string) => ({
  name: "Sealed",
  message: "What failed is sealed; open it with `weir runs show`.",
  sealed: sealedText(key, "boom"),
});

export const SIGNATURE = `${encoded({ alg: "EdDSA", kid: "s".repeat(43) })}.${encoded({ v: 1 })}.c2ln`;
export const OTHER_SIGNATURE = `${encoded({ alg: "EdDSA", kid: "t".repeat(43) })}.${encoded({ v: 1 })}.c2ln`;
