import type { HeldKey } from "./keyring.ts";
import { importKey, type PrivateJwk, publicHalf, type PublicJwk } from "./keys.ts";

// The only file here that touches anything outside: a browser's IndexedDB. Nothing else of sealing imports it.

/** A private key that a browser keeps for one person. The page can open with it; no script can read it, and nothing sends it. */
export interface KeptKey extends HeldKey {
  /** When it was imported, milliseconds since 1970. */
  readonly keptAt: number;
  /** What may be shown, and goes into a policy: it cannot be had from a key that gives nothing away. */
  readonly half: PublicJwk;
}

/** A person's private keys in their own browser. */
export interface BrowserKeys {
  /** Imports private keys. They become non-extractable here: the file they came from stays the only copy. */
  keep(keys: readonly PrivateJwk[], now: number): Promise<void>;
  /** All of them, for a `Keyring`. */
  list(): Promise<readonly KeptKey[]>;
  forget(kid: string): Promise<void>;
  close(): void;
}

const DATABASE = "weir-seal-keys";
const STORE = "keys";

/**
 * Opens the browser's store of keys. It belongs to the page's origin: another site has another one.
 * @example
 * const kept = await openBrowserKeys();
 * await kept.keep(await openProtectedKeys(file, passphrase), Date.now());
 * const keyring = new Keyring(await kept.list());
 */
export async function openBrowserKeys(): Promise<BrowserKeys> {
  const { indexedDB } = globalThis as unknown as { readonly indexedDB: Factory };
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "kid" });
  const database = await answered(opening);
  const store = (mode: "readonly" | "readwrite") => database.transaction(STORE, mode).objectStore(STORE);
  return {
    keep: async (keys, keptAt) => {
      const kept = await Promise.all(
        keys.map(async (key) => ({ kid: key.kid, key: await importKey(key), keptAt, half: publicHalf(key) })),
      );
      for (const entry of kept) await answered(store("readwrite").put(entry));
    },
    list: async () => await answered(store("readonly").getAll()),
    forget: async (kid) => {
      await answered(store("readwrite").delete(kid));
    },
    close: () => database.close(),
  };
}

async function answered<T>(request: Asked<T>): Promise<T> {
  return await new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error ?? new Error("The browser's store of keys gave no answer."));
  });
}

// As much of IndexedDB as is used. The types of all browsers' APIs would let any file of the line reach for them.

interface Asked<T> {
  readonly result: T;
  readonly error: Error | null;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

interface Store {
  put(entry: KeptKey): Asked<unknown>;
  getAll(): Asked<readonly KeptKey[]>;
  delete(kid: string): Asked<unknown>;
}

interface Database {
  createObjectStore(name: string, options: { readonly keyPath: string }): unknown;
  transaction(store: string, mode: "readonly" | "readwrite"): { objectStore(name: string): Store };
  close(): void;
}

interface Factory {
  open(name: string, version: number): Asked<Database> & { onupgradeneeded: (() => void) | null };
}
