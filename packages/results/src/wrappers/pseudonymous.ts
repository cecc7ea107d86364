import { lazyBytes, partsOf, valueStore } from "../content.ts";
import { localStore } from "../local/local-store.ts";
import { jsonSerializer } from "../serializer/serializer.ts";
import type { Store, Where } from "../store.ts";
import { checkedKey, type EncryptionKey } from "./keys.ts";
import { canKeepNames, Pseudonyms } from "./pseudonyms.ts";

/** Options of `pseudonymous`. */
export interface PseudonymousOptions {
  /**
   * Directory that keeps which pseudonym stands for which location. By default the store itself keeps it, so that another machine with
   * the same store and key finds it too; needed for stores of yours whose `locate` knows no templates.
   */
  readonly dictionary?: string;
  /** Is told the store's own errors, which name the true location. They go nowhere else. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Hides the locations of another store: what crosses the line is a keyed HMAC of the true location, `pseudonym:…`, and the true one is
 * kept on this side. Each result costs one small write more. What the store itself says of its failures names places, so it is replaced by
 * a sentence that does not.
 * @param key 32 bytes, or a passphrase of at least 12 characters. It cannot be changed for results that are there: their pseudonyms are made with it.
 * @throws TypeError when the key is too short or long, or there is no place for the dictionary.
 * @example const store = pseudonymous(s3Store({ bucket: "acme-layoffs-2026" }), key);
 */
export function pseudonymous(store: Store, key: EncryptionKey, options: PseudonymousOptions = {}): Store {
  const { bytes, serializer } = partsOf(store, jsonSerializer);
  const dictionary = options.dictionary === undefined ? store : localStore({ directory: options.dictionary });
  if (!canKeepNames(dictionary))
    throw new TypeError(
      `The store ${store.kind} cannot keep pseudonyms, since it has no \`locate\` that follows templates: say with \`dictionary\` in which directory they are kept.`,
    );
  const pseudonyms = new Pseudonyms(checkedKey(key), dictionary);
  const kind = `pseudonymous(${store.kind})`;
  const locate = (where: Where, name: string) => pseudonyms.foreseen(bytes.locate?.(where, name) ?? "");
  const facts = { kind, template: bytes.template, ...(bytes.locate === undefined ? {} : { locate }) };
  const open = async () => {
    const { PseudonymousBytes } = await import("./pseudonymous-bytes.ts");
    return new PseudonymousBytes(kind, bytes, pseudonyms, options.onError ?? (() => undefined));
  };
  return valueStore(lazyBytes(facts, open), serializer);
}
