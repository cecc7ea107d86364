import { decode, encode } from "jose/base64url";
import { SEALED_TEXT, SEALED_TEXT_BEGINNING } from "../sealed-form.ts";
import { ENCRYPTION } from "./keys.ts";
import { SealError } from "./seal-error.ts";

/** A sealed text, taken apart. Nothing of it is trusted yet. */
export interface SealedParts {
  /** As it stands there: the encryption vouches for exactly these characters. */
  readonly header: string;
  /** Id of the run's content key. */
  readonly kid: string;
  /** Class of the data that was sealed; null where whoever sealed it did not say. */
  readonly dataClass: string | null;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

/** One recipient of a JWE in general JSON form. */
export interface Entry {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly encrypted_key: string;
}

/** A JWE in general JSON form; its flattened form counts as one of one recipient. */
export interface General {
  readonly protected: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
  readonly recipients: readonly Entry[];
}

export function damaged(what: string, cause?: unknown): SealError {
  return new SealError(
    "DAMAGED",
    `${what} cannot be opened: it is not what was sealed. It was changed or cut on its way, or where it is kept.`,
    cause === undefined ? undefined : { cause },
  );
}

/** Ours have about 130 characters. What stands in a header is told in sentences, so that a longer one is none. */
const MOST_HEADER = 400;
/** Ours are for 50 recipients and a few inside keys. */
const MOST_ENTRIES = 100;
const MOST_KID = 200;

/** The parts of a sealed text; null for a text that is not sealed. @throws SealError DAMAGED */
export function partsOf(text: string): SealedParts | null {
  if (!text.startsWith(SEALED_TEXT_BEGINNING)) return null;
  const [header = "", wrapped, iv, ciphertext, tag, ...more] = text.slice(SEALED_TEXT.length).split(".");
  if (wrapped !== "" || iv === undefined || ciphertext === undefined || tag === undefined || more.length > 0)
    throw damaged("The sealed text");
  if (header.length > MOST_HEADER) throw damaged("The sealed text");
  const { alg, enc, kid, typ = null, ...others } = headerOf(header, "The sealed text");
  const isOurs = alg === "dir" && enc === ENCRYPTION && typeof kid === "string" && Object.keys(others).length === 0;
  if (!isOurs || (typ !== null && typeof typ !== "string")) throw damaged("The sealed text");
  return { header, kid, dataClass: typ, iv, ciphertext, tag };
}

/** The bytes of a base64url text that is written in the one right way: its last character may not hold bits that stand for nothing. */
export function exactBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(decode(text));
  if (encode(bytes) !== text) throw new TypeError("not the base64url form of any bytes");
  return bytes;
}

/** @throws SealError DAMAGED */
export function headerOf(text: string, what: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(new TextDecoder().decode(decode(text)))) as Record<string, unknown>;
  } catch (cause) {
    throw damaged(what, cause);
  }
}

/** @throws SealError DAMAGED when it has not the shape of a JWE in JSON form */
export function checkedGeneral(value: unknown): General {
  const jwe = Object(value) as Partial<General> & Partial<Entry>;
  const { protected: head, iv, ciphertext, tag } = jwe;
  const recipients: readonly unknown[] = Array.isArray(jwe.recipients) ? jwe.recipients : [jwe];
  if (
    ![head, iv, ciphertext, tag].every((part) => typeof part === "string") ||
    recipients.length > MOST_ENTRIES ||
    !recipients.every(isEntry)
  )
    throw damaged("The sealed content");
  return { protected: head, iv, ciphertext, tag, recipients } as General;
}

function isEntry(value: unknown): value is Entry {
  const { encrypted_key: key, header } = Object(value) as Partial<Entry>;
  return typeof key === "string" && (header === undefined || (typeof header === "object" && header !== null));
}

/** Which keys a content is sealed for. Whoever has but one recipient may say so in the protected header. */
export function kidsOf(jwe: General): readonly (string | null)[] {
  const shared = headerOf(jwe.protected, "The sealed content").kid;
  return jwe.recipients.map(({ header }) => {
    const kid = header?.kid ?? shared;
    return typeof kid === "string" && kid.length <= MOST_KID ? kid : null;
  });
}
