import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { CloudSecrets } from "../secrets.ts";

type ReplyKey = Pick<CloudSecrets, "replyKey">;

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts an answer under the cloud's secret and the request's own idempotency key, of which the database holds a digest alone: an answer
 * may hold what is shown once, such as a new API key, and a stolen table must not.
 */
export function sealReply(secrets: ReplyKey, idempotencyKey: string, text: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(secrets, idempotencyKey), iv);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** @throws Error when it was changed, or sealed under another key or secret */
export function openReply(secrets: ReplyKey, idempotencyKey: string, sealed: Buffer): string {
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", keyOf(secrets, idempotencyKey), iv);
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
}

function keyOf({ replyKey }: ReplyKey, idempotencyKey: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", replyKey, new Uint8Array(), idempotencyKey, 32));
}
