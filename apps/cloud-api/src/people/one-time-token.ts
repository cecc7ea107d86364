import { createHmac, randomBytes } from "node:crypto";

const RANDOM_BYTES = 32;

/** What cookies, links of invitations and codes hold: 256 random bits. */
export function makeToken(): string {
  return randomBytes(RANDOM_BYTES).toString("base64url");
}

/**
 * What is stored of a token, and what it is found by.
 * @param purpose so that a token of one kind is none of another
 * @example hashToken(secrets.peoplePepper, "session", cookie)
 */
export function hashToken(pepper: Uint8Array, purpose: string, token: string): Buffer {
  return createHmac("sha256", pepper).update(`${purpose} ${token}`).digest();
}
