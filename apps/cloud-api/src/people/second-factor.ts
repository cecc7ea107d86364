import { randomBytes } from "node:crypto";
import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import type { CloudSecrets } from "../secrets.ts";
import { hashToken } from "./one-time-token.ts";
import { openValue, sealValue } from "./sealed-value.ts";
import { makeTotpSecret, totpStep, totpUri } from "./totp.ts";

const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;

interface Held {
  readonly secret: Buffer | null;
  readonly confirmed: boolean;
}

/**
 * Makes sure of the second factor where an account has one. A code is taken once.
 * @throws Refusal SECOND_FACTOR_REQUIRED without a code, UNAUTHENTICATED for a wrong or used one
 */
export async function requireSecondFactor(
  pool: Pool,
  secrets: CloudSecrets,
  userId: string,
  code: string | undefined,
): Promise<void> {
  const { secret, confirmed } = await read(pool, userId);
  if (secret === null || !confirmed) return;
  if (code === undefined || code.trim() === "")
    throw new Refusal(
      "SECOND_FACTOR_REQUIRED",
      "This account has a second factor: send the code of your device too, or a recovery code.",
    );
  const given = code.replaceAll(/\s/g, "");
  if (await useCode(pool, secrets, userId, secret, given)) return;
  if (await useRecoveryCode(pool, secrets, userId, given)) return;
  throw new Refusal("UNAUTHENTICATED", "The code is wrong, or was used before; wait for the next one.");
}

/**
 * Makes a secret for a device. It counts once the first code was right.
 * @throws Refusal CONFLICT when the account has a second factor
 */
export async function enrolDevice(
  pool: Pool,
  secrets: CloudSecrets,
  user: { id: string; email: string },
): Promise<{ secret: string; uri: string }> {
  const secret = makeTotpSecret();
  const { rowCount } = await pool.query(
    `update user_credentials set totp_secret = $2, totp_step = null where user_id = $1 and totp_confirmed_at is null`,
    [user.id, sealValue(secrets.sealingKey, place(user.id), secret)],
  );
  if (rowCount !== 1) throw new Refusal("CONFLICT", "This account has a second factor already; remove it first.");
  return { secret, uri: totpUri(user.email, secret) };
}

/**
 * Takes the first code of a device: from then on the account asks for one.
 * @returns codes for a lost device, shown this once
 * @throws Refusal UNAUTHENTICATED for a wrong code, NOT_FOUND without a device
 */
export async function confirmDevice(
  pool: Pool,
  secrets: CloudSecrets,
  userId: string,
  code: string,
): Promise<string[]> {
  const { secret, confirmed } = await read(pool, userId);
  if (secret === null || confirmed) throw new Refusal("NOT_FOUND", "No device waits to be confirmed; enrol one first.");
  if (!(await useCode(pool, secrets, userId, secret, code.replaceAll(/\s/g, ""))))
    throw new Refusal("UNAUTHENTICATED", "The code is wrong; is the clock of the device right?");
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomBytes(RECOVERY_BYTES).toString("hex"));
  await pool.query("update user_credentials set totp_confirmed_at = now(), recovery_codes = $2 where user_id = $1", [
    userId,
    codes.map((each) => hashOf(secrets, userId, each)),
  ]);
  return codes;
}

/** Removes the second factor. Whoever asks has proved who they are, with it. */
export async function removeDevice(pool: Pool, userId: string): Promise<void> {
  await pool.query(
    "update user_credentials set totp_secret = null, totp_confirmed_at = null, totp_step = null, recovery_codes = '{}' where user_id = $1",
    [userId],
  );
}

async function read(pool: Pool, userId: string): Promise<Held> {
  const { rows } = await pool.query<Held>(
    `select totp_secret as secret, totp_confirmed_at is not null as confirmed from user_credentials where user_id = $1`,
    [userId],
  );
  return rows[0] ?? { secret: null, confirmed: false };
}

async function useCode(pool: Pool, secrets: CloudSecrets, userId: string, sealed: Buffer, code: string) {
  const step = totpStep(openValue(secrets.sealingKey, place(userId), sealed), code, Date.now());
  if (step === null) return false;
  // The condition decides between two that send the same code at once.
  const { rowCount } = await pool.query(
    "update user_credentials set totp_step = $2 where user_id = $1 and (totp_step is null or totp_step < $2)",
    [userId, step],
  );
  return rowCount === 1;
}

async function useRecoveryCode(pool: Pool, secrets: CloudSecrets, userId: string, code: string) {
  const { rowCount } = await pool.query(
    "update user_credentials set recovery_codes = array_remove(recovery_codes, $2) where user_id = $1 and $2 = any (recovery_codes)",
    [userId, hashOf(secrets, userId, code.toLowerCase())],
  );
  return rowCount === 1;
}

const place = (userId: string) => `totp ${userId}`;
const hashOf = ({ peoplePepper }: CloudSecrets, userId: string, code: string) =>
  hashToken(peoplePepper, `recovery ${userId}`, code).toString("base64url");
