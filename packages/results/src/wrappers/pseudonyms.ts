import { createHmac, scryptSync } from "node:crypto";
import type { Store, Where } from "../store.ts";
import type { EncryptionKey } from "./keys.ts";

const SCHEME = "pseudonym:";
/** Locations remembered; beyond, the dictionary is asked. */
const REMEMBERED = 10_000;

/** Where an entry lies does not depend on which result it is of: only its template counts. */
const ENTRY: Where = { runId: "-", flow: "-", task: "-", taskRunNumber: 0, attempt: 0, tryNumber: 0 };

/** Which pseudonym stands for which location. */
export class Pseudonyms {
  readonly #secret: EncryptionKey;
  readonly #dictionary: Store;
  readonly #kept = new Map<string, string>();
  readonly #foreseen = new Map<string, string>();
  #key: Uint8Array | null = null;

  constructor(secret: EncryptionKey, dictionary: Store) {
    this.#secret = secret;
    this.#dictionary = dictionary;
  }

  /** The pseudonym of a place where something may lie. Written down only when something does. */
  foreseen(location: string): string {
    const pseudonym = this.#nameOf(location);
    if (!this.#kept.has(pseudonym)) remember(this.#foreseen, pseudonym, location);
    return pseudonym;
  }

  /** Gives a location its pseudonym and writes down which it is, before anyone else hears of it. */
  async keep(location: string): Promise<string> {
    const pseudonym = this.#nameOf(location);
    if (!this.#kept.has(pseudonym)) {
      await this.#dictionary.write(location, entryOf(pseudonym));
      remember(this.#kept, pseudonym, location);
    }
    return pseudonym;
  }

  /** The true location; null when nobody here has written it down. */
  async resolve(pseudonym: string): Promise<string | null> {
    const known = this.#kept.get(pseudonym) ?? this.#foreseen.get(pseudonym);
    if (known !== undefined) return known;
    const location = await this.#lookUp(pseudonym);
    // Of another key, or tampered with: it would lead somewhere that this pseudonym was never made of.
    if (typeof location !== "string" || this.#nameOf(location) !== pseudonym) return null;
    remember(this.#kept, pseudonym, location);
    return location;
  }

  async #lookUp(pseudonym: string): Promise<unknown> {
    if (!/^pseudonym:[A-Za-z0-9_-]{43}$/.test(pseudonym)) return null;
    const place = this.#dictionary.locate?.(entryOf(pseudonym)) ?? "";
    return (await this.#dictionary.exists(place)) ? await this.#dictionary.read(place) : null;
  }

  #nameOf(location: string): string {
    this.#key ??= keyOf(this.#secret);
    return SCHEME + createHmac("sha256", this.#key).update(location).digest("base64url");
  }
}

// The salt is the same everywhere, since the same location must get the same pseudonym everywhere.
function keyOf(secret: EncryptionKey): Uint8Array {
  if (typeof secret !== "string") return secret;
  return scryptSync(secret.normalize("NFKC"), "weir pseudonyms", 32, { N: 2 ** 15, maxmem: 64 * 1024 * 1024 });
}

/** Spread over 4,096 directories: a store of a million results must not have them in one. */
function entryOf(pseudonym: string): Where {
  const name = pseudonym.slice(SCHEME.length);
  return { ...ENTRY, template: `pseudonyms/${name.slice(0, 2)}/${name}.json` };
}

/** Whether a store can keep entries: it must say where it puts them, and put them where their template says. */
export function canKeepNames(store: Store): boolean {
  const name = "0".repeat(43);
  return store.locate?.(entryOf(SCHEME + name)).includes(name) ?? false;
}

function remember(map: Map<string, string>, pseudonym: string, location: string): void {
  const [oldest] = map.keys();
  if (map.size >= REMEMBERED && oldest !== undefined) map.delete(oldest);
  map.set(pseudonym, location);
}
