import { flattenedDecrypt } from "jose/jwe/flattened/decrypt";
import { FlattenedEncrypt } from "jose/jwe/flattened/encrypt";
import type { FlattenedJWE } from "jose";
import { ENCRYPTION, type PrivateJwk, readPrivateJwk } from "./keys.ts";
import { headerOf } from "./parts.ts";
import { SealError } from "./seal-error.ts";

/** How a passphrase becomes a key (RFC 7518, 4.8): PBKDF2 with HMAC-SHA-512. */
const DERIVATION = "PBES2-HS512+A256KW";
/** Turns of PBKDF2: OWASP asks 210,000 for HMAC-SHA-512. About half a second on a laptop, in a browser too. */
export const PASSPHRASE_TURNS = 600_000;
/** A file that asks for more would hold up whoever opens it. */
const MOST_TURNS = 5_000_000;
/** Characters. Guessing costs 600,000 turns a try, which makes up for about 19 bits and no more. */
export const SHORTEST_PASSPHRASE = 12;

/** Private keys behind a passphrase, as they lie in a file: a JWE in flattened JSON form. */
export type ProtectedKeys = FlattenedJWE;

/** Whether a file's JSON is keys behind a passphrase. */
export function isProtected(value: unknown): value is ProtectedKeys {
  const { protected: head, ciphertext } = Object(value) as Partial<ProtectedKeys>;
  return typeof head === "string" && typeof ciphertext === "string";
}

/**
 * Private keys of a file's JSON, the newest first: one key, or `{"keys": […]}` after a rotation.
 * @throws SealError KEY_INVALID
 */
export async function readPrivateKeys(value: unknown, where = "The key file"): Promise<readonly PrivateJwk[]> {
  const { keys } = Object(value) as { keys?: unknown };
  if (keys === undefined) return [await readPrivateJwk(value, `The key in ${where}`)];
  if (!Array.isArray(keys) || keys.length === 0)
    throw new SealError(
      "KEY_INVALID",
      `${where} has "keys" that are no list of private keys. \`weir seal keygen\` makes one.`,
    );
  return await Promise.all(keys.map((key, index) => readPrivateJwk(key, `keys[${index}] in ${where}`)));
}

/**
 * Puts private keys behind a passphrase.
 * @throws SealError PASSPHRASE_WRONG when it is too short
 */
export async function protectKeys(keys: readonly PrivateJwk[], passphrase: string): Promise<ProtectedKeys> {
  if (passphrase.length < SHORTEST_PASSPHRASE)
    throw new SealError(
      "PASSPHRASE_WRONG",
      `The passphrase has ${passphrase.length} characters; take ${SHORTEST_PASSPHRASE} at least, better five words that nobody would guess.`,
    );
  const jwe = new FlattenedEncrypt(new TextEncoder().encode(JSON.stringify({ keys })))
    .setProtectedHeader({ alg: DERIVATION, enc: ENCRYPTION, cty: "jwk-set+json" })
    .setKeyManagementParameters({ p2c: PASSPHRASE_TURNS, p2s: crypto.getRandomValues(new Uint8Array(16)) });
  return await jwe.encrypt(phraseBytes(passphrase));
}

/**
 * Opens private keys that are behind a passphrase.
 * @throws SealError PASSPHRASE_WRONG (or the file was changed: the two look the same), KEY_INVALID
 */
export async function openProtectedKeys(
  value: ProtectedKeys,
  passphrase: string,
  where = "The key file",
): Promise<readonly PrivateJwk[]> {
  const { alg, p2c } = headerOf(value.protected ?? "", `The header of ${where}`);
  if (alg !== DERIVATION || typeof p2c !== "number" || p2c > MOST_TURNS)
    throw new SealError(
      "KEY_INVALID",
      `${where} is protected in another way than ${DERIVATION} with at most ${MOST_TURNS} turns. \`weir seal keygen --passphrase-file FILE\` makes one that can be opened.`,
    );
  const plain = await flattenedDecrypt(value, phraseBytes(passphrase), {
    keyManagementAlgorithms: [DERIVATION],
    contentEncryptionAlgorithms: [ENCRYPTION],
    maxPBES2Count: MOST_TURNS,
    maxDecompressedLength: 0,
  }).catch((cause: unknown) => {
    throw new SealError("PASSPHRASE_WRONG", `The passphrase does not open ${where}, or the file was changed.`, {
      cause,
    });
  });
  return await readPrivateKeys(parsed(plain.plaintext, where), where);
}

function parsed(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    // No cause: it would quote the key.
    throw new SealError("KEY_INVALID", `${where} holds no key in JWK form.`);
  }
}

/** An é that was typed may be one character or two; both are the same passphrase. */
const phraseBytes = (passphrase: string) => new TextEncoder().encode(passphrase.normalize("NFC"));
