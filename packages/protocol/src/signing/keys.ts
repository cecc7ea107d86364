import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";

/** An Ed25519 key in JWK form. With `d` it is private. */
export interface SigningJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly d?: string;
}

/** A new private key. */
export async function makeSigningKey(): Promise<SigningJwk & { readonly d: string }> {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const { x, d } = await exportJWK(privateKey);
  if (x === undefined || d === undefined) throw new Error("The key that was made has no private half.");
  return { kty: "OKP", crv: "Ed25519", x, d };
}

/** 32 bytes, as both halves of an Ed25519 key have them. */
const HALF = /^[A-Za-z0-9_-]{43}$/;

/** Says what is wrong with a value that should be an Ed25519 key, or null. Never repeats any of it. */
export function signingKeyProblem(value: unknown, half: "public" | "private"): string | null {
  if (typeof value !== "object" || value === null) return "it is no JSON object";
  const { kty, crv, x, d } = value as Readonly<Record<string, unknown>>;
  if (kty !== "OKP" || crv !== "Ed25519") return 'it is no Ed25519 key in JWK form ("kty": "OKP", "crv": "Ed25519")';
  if (typeof x !== "string" || !HALF.test(x)) return 'its "x" is not 43 base64url characters';
  if (half === "public") return d === undefined ? null : 'it holds a private half ("d"), which belongs nowhere else';
  return typeof d === "string" && HALF.test(d) ? null : 'it has no private half ("d")';
}

/** The half that everybody may have. */
export function publicHalf({ kty, crv, x }: SigningJwk): SigningJwk {
  return { kty, crv, x };
}

/** The key's id: its RFC 7638 thumbprint, which nobody can choose. */
export function keyIdOf(jwk: SigningJwk): Promise<string> {
  return calculateJwkThumbprint({ ...publicHalf(jwk) });
}
