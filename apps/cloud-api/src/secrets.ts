import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";

/** What is derived from the one secret of the cloud. Never logged, never sent. */
export interface CloudSecrets {
  /** Pepper of the HMAC under which API keys are stored: a stolen table alone cannot be searched offline. */
  readonly keyPepper: Uint8Array;
  /** Ed25519 pair of session and run tokens. */
  readonly tokenPrivateKey: KeyObject;
  readonly tokenPublicKey: KeyObject;
  /** Pepper of people's passwords. */
  readonly passwordPepper: Uint8Array;
  /** Pepper of cookies, invitations, codes, and of who failed to sign in. */
  readonly peoplePepper: Uint8Array;
  /** AES-256 key of what the cloud must read again: secrets of one-time codes and of identity providers. */
  readonly sealingKey: Uint8Array;
  /** Key of the digests in the audit log, and of what tells two requests apart. */
  readonly digestKey: Uint8Array;
  /** With a request's own idempotency key, it opens the answer that is kept for it. */
  readonly replyKey: Uint8Array;
}

const LEAST_BYTES = 32;
// DER of a PKCS #8 Ed25519 private key up to its 32-byte seed (RFC 8410): Node imports no bare seed.
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * Derives pepper and token key from the cloud's secret (base64url, at least 32 bytes) by HKDF, one label each, so that neither tells
 * anything of the other.
 * @throws Error when the secret is too short or no base64url.
 */
export function createSecrets(secret: string): CloudSecrets {
  const bytes = Buffer.from(secret, "base64url");
  if (!/^[\w-]+={0,2}$/.test(secret) || bytes.length < LEAST_BYTES) {
    throw new Error(
      `The cloud secret must be base64url of at least ${LEAST_BYTES} bytes (43 characters); the one given is not. Make one with \`openssl rand -base64 32\`, with + and / replaced by - and _.`,
    );
  }
  const seed = Buffer.from(derive(bytes, "weir token signing key"));
  const tokenPrivateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: "der", type: "pkcs8" });
  return {
    keyPepper: derive(bytes, "weir api key pepper"),
    tokenPrivateKey,
    tokenPublicKey: createPublicKey(tokenPrivateKey),
    passwordPepper: derive(bytes, "weir password pepper"),
    peoplePepper: derive(bytes, "weir people pepper"),
    sealingKey: derive(bytes, "weir sealing key"),
    digestKey: derive(bytes, "weir digest key"),
    replyKey: derive(bytes, "weir reply key"),
  };
}

function derive(secret: Uint8Array, label: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(), label, 32));
}
