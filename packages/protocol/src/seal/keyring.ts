import { flattenedDecrypt } from "jose/jwe/flattened/decrypt";
import type { DataClass } from "../data-class.ts";
import type { Failure } from "../failure.ts";
import type { Json } from "../json.ts";
import { isSealedJson, SEALED_JSON, type SealKey } from "../sealed.ts";
import { ENCRYPTION, importKey, type PrivateJwk, WRAPPING } from "./keys.ts";
import { checkedGeneral, damaged, exactBytes, kidsOf, partsOf, type SealedParts } from "./parts.ts";
import { SealError } from "./seal-error.ts";

/** A private key that the runtime holds and does not give away, as a browser keeps it. */
export interface HeldKey {
  readonly kid: string;
  readonly key: CryptoKey;
}

/** A content key of a run, once it is unwrapped. */
interface OpenedKey {
  readonly bytes: Uint8Array;
  readonly key: CryptoKey;
}

const ONLY = {
  keyManagementAlgorithms: [WRAPPING],
  contentEncryptionAlgorithms: [ENCRYPTION],
  // A compressed content could be a bomb, and its length would tell of what it holds. Nothing of ours is compressed.
  maxDecompressedLength: 0,
};

/**
 * Opens what was sealed for any of some private keys. Content keys are unwrapped once, so that the texts of a run cost one AES each.
 * @example
 * const keyring = new Keyring([myKey]);
 * keyring.learn(flowRun.sealKeys);
 * await keyring.openText(log.text);
 */
export class Keyring {
  readonly #mine = new Map<string, PrivateJwk | HeldKey>();
  readonly #wrapped = new Map<string, string>();
  readonly #opened = new Map<string, Promise<OpenedKey>>();

  /** The newest first; all of them are tried by their ids, so the order does not matter for opening. */
  constructor(keys: readonly (PrivateJwk | HeldKey)[]) {
    for (const key of keys) this.#mine.set(key.kid, key);
  }

  /** Ids of the private keys. */
  get keyIds(): readonly string[] {
    return [...this.#mine.keys()];
  }

  /** Takes the wrapped content keys that came with a run. Costs nothing until something of them is opened. */
  learn(sealKeys: readonly SealKey[]): void {
    for (const { id, key } of sealKeys) if (!this.#opened.has(id)) this.#wrapped.set(id, key);
  }

  /**
   * Opens a sealed text; any other comes back as it is.
   * @param dataClass what it must have been sealed as. Who opens for others than readers gives it: a cloud could put a sealed log line
   *   where a location belongs, and learn it from the error that names the location
   * @throws SealError NO_KEY, UNKNOWN_RUN_KEY, DAMAGED
   */
  async openText(text: string, dataClass?: DataClass): Promise<string> {
    const parts = partsOf(text);
    if (parts === null) return text;
    if (dataClass !== undefined && parts.dataClass !== dataClass) throw misplaced(dataClass);
    const { key } = await this.#runKey(parts.kid);
    return await decrypted(parts, key);
  }

  /**
   * Opens a JSON value that is sealed as a whole; any other comes back as it is.
   * @param dataClass as for `openText`, where it is sealed with the key of a run
   * @throws SealError NO_KEY, UNKNOWN_RUN_KEY, DAMAGED
   */
  async openJson(value: Json, dataClass?: DataClass): Promise<Json> {
    if (!isSealedJson(value)) return value;
    const inner = value[SEALED_JSON];
    const text =
      typeof inner === "string"
        ? await this.#openInner(inner, dataClass)
        : textOf(await this.openGeneral(inner), "The sealed value");
    return parsed(text, "The sealed value") as Json;
  }

  /**
   * Opens a failure that is sealed as a whole; any other comes back as it is.
   * @param dataClass as for `openText`
   * @throws SealError NO_KEY, UNKNOWN_RUN_KEY, DAMAGED
   */
  async openFailure(failure: Failure, dataClass?: DataClass): Promise<Failure> {
    if (failure.sealed === undefined) return failure;
    const { name, message, ...more } = Object(
      parsed(await this.#openInner(failure.sealed, dataClass), "The sealed failure"),
    ) as Failure;
    if (typeof name !== "string" || typeof message !== "string") throw damaged("The sealed failure");
    // The code is not sealed: the one that came along is what the cloud acted on.
    return { ...more, name, message, ...(failure.code === undefined ? {} : { code: failure.code }) };
  }

  /**
   * Opens a JWE in general JSON form that is sealed for one of these keys.
   * @throws SealError NO_KEY, naming the keys that could; DAMAGED
   */
  async openGeneral(value: unknown): Promise<Uint8Array> {
    const { recipients, ...shared } = checkedGeneral(value);
    const kids = kidsOf({ recipients, ...shared });
    const at = kids.findIndex((kid) => kid !== null && this.#mine.has(kid));
    const [mine, entry] = [this.#mine.get(kids[at] ?? ""), recipients[at]];
    if (mine === undefined || entry === undefined) throw this.#noKey(kids);
    const { encrypted_key, header } = entry;
    const jwe = { ...shared, encrypted_key, ...(header === undefined ? {} : { header }) };
    const key = "key" in mine ? mine.key : await importKey(mine);
    try {
      return (await flattenedDecrypt(jwe, key, ONLY)).plaintext;
    } catch (cause) {
      throw damaged("The sealed content", cause);
    }
  }

  /**
   * The bytes of a run's content key, for whoever opens with an AES of its own.
   * @throws SealError NO_KEY, UNKNOWN_RUN_KEY, DAMAGED
   */
  async runKey(id: string): Promise<Uint8Array> {
    return (await this.#runKey(id)).bytes;
  }

  /** Where a sealed text must stand: one that is plain was put there by somebody else. */
  async #openInner(text: string, dataClass: DataClass | undefined): Promise<string> {
    if (partsOf(text) === null) throw damaged("The sealed value");
    return await this.openText(text, dataClass);
  }

  async #runKey(id: string): Promise<OpenedKey> {
    const opening = this.#opened.get(id) ?? this.#unwrap(id);
    this.#opened.set(id, opening);
    try {
      return await opening;
    } catch (error) {
      // What is learnt later may be whole.
      if (this.#opened.get(id) === opening) this.#opened.delete(id);
      throw error;
    }
  }

  async #unwrap(id: string): Promise<OpenedKey> {
    const wrapped = this.#wrapped.get(id);
    if (wrapped === undefined)
      throw new SealError(
        "UNKNOWN_RUN_KEY",
        `It is sealed with the run's key ${id}, which did not come along with the run.`,
      );
    const bytes = await this.openGeneral(parsed(wrapped, "The run's key"));
    if (bytes.length !== 32) throw damaged("The run's key");
    const key = await crypto.subtle.importKey("raw", new Uint8Array(bytes), "AES-GCM", false, ["decrypt"]);
    return { bytes, key };
  }

  #noKey(kids: readonly (string | null)[]): SealError {
    const mine = this.keyIds.length === 0 ? "you have none" : `you have ${this.keyIds.join(", ")}`;
    const theirs = kids.map((kid) => kid ?? "one without an id");
    const whose = theirs.length === 1 ? "key" : "keys";
    return new SealError("NO_KEY", `It is sealed for the ${whose} ${theirs.join(", ")}; ${mine}.`, {
      kids: kids.filter((kid) => kid !== null),
    });
  }
}

function misplaced(dataClass: DataClass): SealError {
  const text = `The sealed text was not sealed as what it stands for here (${dataClass}), so it is not opened. Somebody has put it there.`;
  return new SealError("DAMAGED", text);
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

async function decrypted({ header, iv, ciphertext, tag }: SealedParts, key: CryptoKey): Promise<string> {
  try {
    const [body, end] = [exactBytes(ciphertext), exactBytes(tag)];
    if (end.length !== 16) throw damaged("The sealed text");
    // WebCrypto takes tag and ciphertext in one piece.
    const sealed = new Uint8Array(body.length + end.length);
    sealed.set(body);
    sealed.set(end, body.length);
    const algorithm = {
      name: "AES-GCM",
      iv: exactBytes(iv),
      additionalData: new TextEncoder().encode(header),
    };
    return UTF8.decode(await crypto.subtle.decrypt(algorithm, key, sealed));
  } catch (cause) {
    throw damaged("The sealed text", cause);
  }
}

function textOf(bytes: Uint8Array, what: string): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw damaged(what, cause);
  }
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // No cause: it would quote what is sealed.
    throw damaged(what);
  }
}
