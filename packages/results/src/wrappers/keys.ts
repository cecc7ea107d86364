/** 32 random bytes, or a passphrase. */
export type EncryptionKey = Uint8Array | string;

const KEY_BYTES = 32;
const SHORTEST_PASSPHRASE = 12;

/** @throws TypeError that says nothing of the key but its length. */
export function checkedKey(key: EncryptionKey): EncryptionKey {
  const length = key.length;
  if (typeof key === "string") {
    if (length >= SHORTEST_PASSPHRASE) return key;
    throw new TypeError(`The passphrase has ${length} characters; at least ${SHORTEST_PASSPHRASE} are needed.`);
  }
  if (length === KEY_BYTES) return key;
  throw new TypeError(
    `The key has ${length} bytes; ${KEY_BYTES} are needed. Make one with \`openssl rand -base64 32\` and hand it over as Buffer.from(text, "base64").`,
  );
}
