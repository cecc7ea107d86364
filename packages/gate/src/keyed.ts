import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { canonicalJson } from "@weir/protocol";

/** What a pseudonymous text begins with; the rest is an HMAC in base64url, as the stores of `@weir/results` make it. */
export const PSEUDONYM = "pseudonym:";
const PSEUDONYM_TEXT = /^pseudonym:[A-Za-z0-9_-]{43}$/;

/** Whether a text is a pseudonym already. Whatever else begins like one is none. */
export function isPseudonym(text: string): boolean {
  return PSEUDONYM_TEXT.test(text);
}

/**
 * All that the user's one HMAC key makes. Each kind has a key of its own below it: a digest of a text must not be comparable with the
 * pseudonym of the same text.
 */
export class Keyed {
  readonly #digests: KeyObject;
  readonly #pseudonyms: KeyObject;
  readonly #errors: KeyObject;

  constructor(hmacKey: Uint8Array) {
    this.#digests = createSecretKey(hmacKey);
    this.#pseudonyms = this.#below("weir pseudonyms of the gate");
    this.#errors = this.#below("weir error ids");
  }

  #below(use: string): KeyObject {
    return createSecretKey(createHmac("sha256", this.#digests).update(use).digest());
  }

  /** What the class `digest` becomes: nobody without the key can try out values. */
  digest(value: string): string {
    return createHmac("sha256", this.#digests).update(value).digest("base64url");
  }

  pseudonym(text: string): string {
    return PSEUDONYM + createHmac("sha256", this.#pseudonyms).update(text).digest("base64url");
  }

  /** The same for the same error of the same run, so that a report that is sent again says the same. */
  errorId(runId: string, told: unknown): string {
    const text = `${runId}\n${canonicalJson(told)}`;
    return `err_${createHmac("sha256", this.#errors).update(text).digest("hex").slice(0, 16)}`;
  }
}
