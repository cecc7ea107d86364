import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { exportJWK } from "jose/key/export";
import { generateKeyPair } from "jose/key/generate/keypair";
import { importJWK } from "jose/key/import";
import { SealError } from "./seal-error.ts";

/** How content keys are wrapped. No other way is taken, whatever a message says of itself. */
export const WRAPPING = "ECDH-ES+A256KW";
/** How content is encrypted. */
export const ENCRYPTION = "A256GCM";

export const CURVES = ["X25519", "P-256"] as const;
export type Curve = (typeof CURVES)[number];

interface KeyHead {
  /** RFC 7638 thumbprint, SHA-256, base64url. */
  readonly kid: string;
  readonly use: "enc";
  readonly alg: typeof WRAPPING;
}

/** The half of a key pair that anybody may have: what is sealed to it, only the other half opens. */
export type PublicJwk = KeyHead &
  (
    | { readonly kty: "OKP"; readonly crv: "X25519"; readonly x: string }
    | { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string }
  );

/** The half that opens. Never leaves its owner. */
export type PrivateJwk = PublicJwk & { readonly d: string };

/** 32 bytes as base64url: every number in these keys. */
const NUMBER = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

type Fields = Readonly<Record<string, unknown>>;

/** RFC 7638: the same key has the same thumbprint, however its JSON is written. */
export async function thumbprintOf(jwk: Fields): Promise<string> {
  return await calculateJwkThumbprint(jwk, "sha256");
}

/**
 * Checks a public key and completes it with `kid`, `use` and `alg`.
 * @param where for the sentence: "recipients[0] of weir.boundary.yaml"
 * @throws SealError KEY_INVALID
 */
export async function readPublicJwk(value: unknown, where = "The key"): Promise<PublicJwk> {
  const fields = fieldsOf(value, where);
  if (fields.d !== undefined)
    throw invalid(
      where,
      `holds the private half too ("d"). Only the public half belongs there; take this key out of use`,
    );
  return await checked(fields, where);
}

/**
 * Checks a private key: both halves are there and fit each other.
 * @throws SealError KEY_INVALID; the sentence holds nothing of the key
 */
export async function readPrivateJwk(value: unknown, where = "The key"): Promise<PrivateJwk> {
  const fields = fieldsOf(value, where);
  const { d } = fields;
  if (d === undefined) throw invalid(where, `is a public key; what opens is the private one, which has a "d"`);
  if (!isNumber(d)) throw invalid(where, `has a "d" that is not 32 bytes in base64url`);
  const key = { ...(await checked(fields, where)), d };
  await checkHalves(key, where);
  return key;
}

/** The half that may be shown. */
export function publicHalf(key: PublicJwk | PrivateJwk): PublicJwk {
  const { d: _, ...half } = { d: "", ...key };
  return half;
}

/** A new key pair, from the runtime's secure randomness. */
export async function generateSealKey(curve: Curve = "X25519"): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair(WRAPPING, { crv: curve, extractable: true });
  return await readPrivateJwk(await exportJWK(privateKey));
}

/**
 * A key as the runtime holds it.
 * @throws SealError KEY_INVALID: a point that is not on its curve
 */
export async function importKey(key: PublicJwk | PrivateJwk, where = "The key"): Promise<CryptoKey> {
  try {
    return await importJWK({ ...key }, WRAPPING, { extractable: false });
  } catch (cause) {
    throw new SealError("KEY_INVALID", `${where} is no point on the curve ${key.crv}. ${MAKE_ONE}`, { cause });
  }
}

const MAKE_ONE = "`weir seal keygen` makes a key pair.";

function invalid(where: string, why: string): SealError {
  return new SealError("KEY_INVALID", `${where} ${why}. ${MAKE_ONE}`);
}

const isNumber = (value: unknown): value is string => typeof value === "string" && NUMBER.test(value);

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw invalid(where, "is no JSON Web Key");
}

async function checked(fields: Fields, where: string): Promise<PublicJwk> {
  const bare = bareKey(fields, where);
  if (fields.use !== undefined && fields.use !== "enc")
    throw invalid(where, `is for ${JSON.stringify(fields.use)}, not for sealing ("use": "enc")`);
  if (fields.alg !== undefined && fields.alg !== WRAPPING)
    throw invalid(where, `is for the algorithm ${JSON.stringify(fields.alg)}; sealing uses ${WRAPPING}`);
  const kid = await thumbprintOf(bare);
  if (fields.kid !== undefined && fields.kid !== kid)
    throw invalid(
      where,
      `calls itself ${JSON.stringify(fields.kid)} ("kid"), but its thumbprint is ${kid}. Leave "kid" out, or mend it`,
    );
  const key: PublicJwk = { ...bare, kid, use: "enc", alg: WRAPPING };
  await importKey(key, where);
  return key;
}

function bareKey({ kty, crv, x, y }: Fields, where: string) {
  if (kty === "OKP" && crv === "X25519") {
    if (isNumber(x)) return { kty, crv, x } as const;
    throw invalid(where, `has an "x" that is not 32 bytes in base64url`);
  }
  if (kty === "EC" && crv === "P-256") {
    if (isNumber(x) && isNumber(y)) return { kty, crv, x, y } as const;
    throw invalid(where, `has an "x" or "y" that is not 32 bytes in base64url`);
  }
  const what = [kty, crv].map((part) => JSON.stringify(part ?? null)).join(", ");
  throw invalid(where, `is of the kind ${what}; sealing takes X25519 ("OKP") or P-256 ("EC")`);
}

/** The two halves agree on a secret with a pair made for this alone, or they are no pair. */
async function checkHalves(key: PrivateJwk, where: string): Promise<void> {
  const other = await generateKeyPair(WRAPPING, { crv: key.crv });
  const [mine, theirs] = [await importKey(key, where), await importKey(publicHalf(key), where)];
  const a = await crypto.subtle.deriveBits({ name: mine.algorithm.name, public: other.publicKey }, mine, 256);
  const b = await crypto.subtle.deriveBits({ name: mine.algorithm.name, public: theirs }, other.privateKey, 256);
  const [left, right] = [new Uint8Array(a), new Uint8Array(b)];
  if (left.some((byte, index) => byte !== right[index]))
    throw invalid(where, `has halves of two different key pairs ("d" does not fit "x")`);
}
