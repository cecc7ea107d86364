import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { EncryptionKey } from "./keys.ts";

// What is sealed: version (1 byte) · salt (16) · which key (8) · nonce (12) · ciphertext · tag (16). All before the nonce is authenticated
// too. Nothing of the place is: objects may be moved.
const VERSION = 1;
const SALT = 16;
const KEY_ID = 8;
const NONCE = 12;
const TAG = 16;
const HEAD = 1 + SALT + KEY_ID;

/** 32 MiB and about 100 ms: a guess of a passphrase should cost something. */
const STRETCHING = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
/** Salts whose keys are kept: each process that wrote has one. */
const KEPT_KEYS = 1_000;

const stretch = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** What is sealed is damaged, or no key fits. The message ends a sentence. */
export class SealError extends Error {
  readonly isWrongKey: boolean;

  constructor(message: string, isWrongKey: boolean) {
    super(message);
    this.isWrongKey = isWrongKey;
  }
}

interface Derived {
  readonly key: Buffer;
  readonly id: Buffer;
}

/** Tells keys apart without telling them. */
function derived(key: Buffer): Derived {
  return { key, id: createHmac("sha256", key).update("weir result key").digest().subarray(0, KEY_ID) };
}

/** One key or passphrase. */
class Secret {
  readonly #secret: EncryptionKey;
  readonly #bySalt = new Map<string, Promise<Derived>>();

  constructor(secret: EncryptionKey) {
    this.#secret = secret;
  }

  /** The same salt gives the same key. Random bytes need no stretching. */
  of(salt: Buffer): Promise<Derived> {
    const name = typeof this.#secret === "string" ? salt.toString("latin1") : "";
    const known = this.#bySalt.get(name);
    if (known !== undefined) return known;
    if (this.#bySalt.size >= KEPT_KEYS) this.#bySalt.clear();
    const made = this.#derive(salt);
    this.#bySalt.set(name, made);
    return made;
  }

  async #derive(salt: Buffer): Promise<Derived> {
    if (typeof this.#secret !== "string") return derived(Buffer.from(this.#secret));
    return derived(await stretch(this.#secret.normalize("NFKC"), salt, 32, STRETCHING));
  }
}

/** Seals with the first of its keys, opens with any. */
export class Sealing {
  readonly #secrets: readonly Secret[];
  /** One for this process: a salt for each result would cost the stretching each time. */
  readonly #salt = randomBytes(SALT);

  constructor(keys: readonly EncryptionKey[]) {
    this.#secrets = keys.map((key) => new Secret(key));
  }

  async seal(plain: Buffer): Promise<Buffer> {
    const [secret] = this.#secrets;
    if (secret === undefined) throw new Error("there is no key");
    const { key, id } = await secret.of(this.#salt);
    const head = Buffer.concat([Buffer.of(VERSION), this.#salt, id]);
    // Random, 96 bits: safe up to some four billion results of one key.
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(head);
    return Buffer.concat([head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws SealError */
  async open(sealed: Buffer): Promise<Buffer> {
    if (sealed.length < HEAD + NONCE + TAG || sealed[0] !== VERSION)
      throw new SealError("it is not what this wrapper writes", false);
    const { key } = await this.#fitting(sealed.subarray(1, 1 + SALT), sealed.subarray(1 + SALT, HEAD));
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(HEAD, HEAD + NONCE))
      .setAAD(sealed.subarray(0, HEAD))
      .setAuthTag(sealed.subarray(-TAG));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(HEAD + NONCE, -TAG)), decipher.final()]);
    } catch {
      throw new SealError("it was changed since it was encrypted", false);
    }
  }

  async #fitting(salt: Buffer, id: Buffer): Promise<Derived> {
    for (const secret of this.#secrets) {
      const candidate = await secret.of(salt);
      if (timingSafeEqual(candidate.id, id)) return candidate;
    }
    const count = this.#secrets.length === 1 ? "the key" : `each of the ${this.#secrets.length} keys`;
    throw new SealError(`it was encrypted with another key than ${count} of this store`, true);
  }
}
