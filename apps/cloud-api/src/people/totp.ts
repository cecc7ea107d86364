import { createHmac, randomBytes } from "node:crypto";

// One-time codes by RFC 6238 as every authenticator app makes them: HMAC-SHA-1, 30 seconds, six digits.

const STEP_SECONDS = 30;
const DIGITS = 6;
const SECRET_LENGTH = 32;
/** A code of the step before and of the one after is right too: clocks differ, and people type slowly. */
const DRIFT = [0, -1, 1];
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A new secret, in base32 as apps take it: 160 bits. */
export function makeTotpSecret(): string {
  return [...randomBytes(SECRET_LENGTH)].map((byte) => BASE32.charAt(byte % BASE32.length)).join("");
}

/** The address that stands in the code that apps read from the screen. @example totpUri("ada@x.example", secret) // "otpauth://totp/Weir:ada%40x.example?…" */
export function totpUri(email: string, secret: string): string {
  return `otpauth://totp/Weir:${encodeURIComponent(email)}?secret=${secret}&issuer=Weir`;
}

/** The code of a step. @param step 30 seconds each, since 1970 */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", decodeBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const value = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(value % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** The step whose code this is, near a time; null when it is none of them. @param now milliseconds since 1970 */
export function totpStep(secret: string, code: string, now: number): number | null {
  const current = Math.floor(now / 1000 / STEP_SECONDS);
  return DRIFT.map((drift) => current + drift).find((step) => totpCode(secret, step) === code) ?? null;
}

function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    held = (held << 5) | BASE32.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
