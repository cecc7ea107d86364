import { lazyBytes, partsOf, valueStore } from "../content.ts";
import { jsonSerializer } from "../serializer/serializer.ts";
import type { Store, Where } from "../store.ts";
import { checkedKey, type EncryptionKey } from "./keys.ts";

/** A key, and the older ones that results may still be encrypted with. */
export interface EncryptionKeys {
  readonly key: EncryptionKey;
  readonly oldKeys?: readonly EncryptionKey[];
}

/**
 * Encrypts what another store keeps: AES-256-GCM with a nonce of its own for each result. Nothing binds a result to its place, so objects
 * can be moved and copied. What is written twice differs each time; a template's place accepts the same value all the same.
 * @param key 32 bytes, or a passphrase of at least 12 characters (stretched by scrypt: about 100 ms, once for each process that wrote).
 * To change it, give the new one as `key` and the former as `oldKeys`.
 * @throws TypeError when a key is too short or long.
 * @example const store = encrypted(s3Store({ bucket: "results" }), { key: newKey, oldKeys: [formerKey] });
 */
export function encrypted(store: Store, key: EncryptionKey | EncryptionKeys): Store {
  const keys = typeof key === "object" && "key" in key ? key : { key };
  const all = [keys.key, ...(keys.oldKeys ?? [])].map(checkedKey);
  const { bytes, serializer } = partsOf(store, jsonSerializer);
  const kind = `encrypted(${store.kind})`;
  const locate = bytes.locate?.bind(bytes);
  const facts = {
    kind,
    template: bytes.template,
    ...(locate === undefined ? {} : { locate: (where: Where) => locate(where, SEALED) }),
  };
  const open = async () => {
    const { EncryptedBytes } = await import("./encrypted-bytes.ts");
    return new EncryptedBytes(kind, bytes, all);
  };
  return valueStore(lazyBytes(facts, open), serializer);
}

/** Files and objects end with what they are, not with what is inside. */
export const SEALED = "aes-256-gcm";
