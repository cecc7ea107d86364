import { encode } from "jose/base64url";
import { CompactEncrypt } from "jose/jwe/compact/encrypt";
import { GeneralEncrypt } from "jose/jwe/general/encrypt";
import type { GeneralJWE } from "jose";
import type { DataClass } from "../data-class.ts";
import { SEALED_JSON, SEALED_TEXT, type SealedJson } from "../sealed.ts";
import { ENCRYPTION, importKey, type PublicJwk, WRAPPING } from "./keys.ts";
import { SealError } from "./seal-error.ts";

/** A JWE in general JSON form: one content, and for each recipient an entry with its wrapped key. */
export type GeneralJwe = GeneralJWE;

/** The content key of a run's attempt. */
export interface RunKey {
  /** 22 random base64url characters: 132 bits, so that no two keys ever share one. */
  readonly id: string;
  /** 32 random bytes. Never leaves but wrapped. */
  readonly key: Uint8Array;
  /** The key for every recipient: JSON text of a general JWE. */
  readonly wrapped: string;
}

/**
 * Encrypts for every recipient; each of them can open it, nobody else can.
 * @throws SealError KEY_INVALID when there is no recipient, or a key of one cannot be used
 */
export async function sealFor(recipients: readonly PublicJwk[], plain: Uint8Array): Promise<GeneralJwe> {
  const once = [...new Map(recipients.map((key) => [key.kid, key])).values()];
  if (once.length === 0)
    throw new SealError(
      "KEY_INVALID",
      "There is nobody to seal it for: give the public key of one recipient at least.",
    );
  const jwe = new GeneralEncrypt(plain).setProtectedHeader({ alg: WRAPPING, enc: ENCRYPTION });
  for (const key of once) jwe.addRecipient(await importKey(key)).setUnprotectedHeader({ kid: key.kid });
  return await jwe.encrypt();
}

/** A new content key for one attempt of a run. @throws SealError as `sealFor` */
export async function makeRunKey(recipients: readonly PublicJwk[]): Promise<RunKey> {
  const key = crypto.getRandomValues(new Uint8Array(32));
  const id = encode(crypto.getRandomValues(new Uint8Array(17))).slice(0, 22);
  return { id, key, wrapped: JSON.stringify(await sealFor(recipients, key)) };
}

/** A text, sealed with the key of its run; `dataClass`: what it is, which is sealed in with it. */
export async function sealText(
  { id, key }: Pick<RunKey, "id" | "key">,
  text: string,
  dataClass?: DataClass,
): Promise<string> {
  const header = { alg: "dir", enc: ENCRYPTION, kid: id, ...(dataClass === undefined ? {} : { typ: dataClass }) };
  const jwe = new CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader(header);
  return `${SEALED_TEXT}${await jwe.encrypt(key)}`;
}

/**
 * A JSON value that no run has yet, sealed for these recipients.
 * @throws SealError as `sealFor`; TypeError when it is no JSON
 */
export async function sealJson(recipients: readonly PublicJwk[], value: unknown): Promise<SealedJson> {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError("Only a JSON value can be sealed, and this is none.");
  return { [SEALED_JSON]: await sealFor(recipients, new TextEncoder().encode(text)) };
}
