import { createHmac, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

// weir_u_ or weir_a_, 30 random base62 characters (178 bits), 6 base62 characters of the CRC32 over all before: a mistyped key is
// told without a look at the database, and scanners for leaked secrets can tell a true key from a false one offline.

export type KeyScope = "user" | "agent";

const PREFIX = { user: "weir_u_", agent: "weir_a_" } as const satisfies Record<KeyScope, string>;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_LENGTH = 30;
const CHECK_LENGTH = 6;
const LOOKUP_LENGTH = 8;
const SHAPE = new RegExp(`^weir_[ua]_[0-9A-Za-z]{${RANDOM_LENGTH + CHECK_LENGTH}}$`);

/** A new key. `random(n)` gives n unpredictable bytes. */
export function makeKey(scope: KeyScope, random: (bytes: number) => Uint8Array = randomBytes): string {
  const body = PREFIX[scope] + randomBase62(RANDOM_LENGTH, random);
  return body + checksum(body);
}

/** Says why a text cannot be a key, or null. Never repeats the text. */
export function keyProblem(key: string): string | null {
  if (!SHAPE.test(key)) return "is no Weir key (a key starts with weir_u_ or weir_a_ and has 43 characters)";
  const body = key.slice(0, -CHECK_LENGTH);
  return key.slice(-CHECK_LENGTH) === checksum(body) ? null : "is mistyped or cut off: its check characters do not fit";
}

/** The part by which the table is searched. Not secret: it stands in lists so that people can tell keys apart. */
export function keyLookup(key: string): string {
  return key.slice(PREFIX.user.length, PREFIX.user.length + LOOKUP_LENGTH);
}

/** What is stored of a key. 178 random bits need no slow hash; the pepper keeps a stolen table from being searched offline. */
export function hashKey(key: string, pepper: Uint8Array): Buffer {
  return createHmac("sha256", pepper).update(key).digest();
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = "";
  for (let i = 0; i < CHECK_LENGTH; i += 1) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}

function randomBase62(length: number, random: (bytes: number) => Uint8Array): string {
  let text = "";
  while (text.length < length) {
    for (const byte of random(length)) {
      // 248 = 4 × 62: bytes above it would make the first letters likelier than the others.
      if (byte < 248 && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return text;
}
