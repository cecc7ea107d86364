import { makeId, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import type { CloudSecrets } from "../secrets.ts";
import { isPassword } from "./password-hash.ts";
import { countTry, forgetTries, type Trier } from "./login-attempts.ts";
import { requireSecondFactor } from "./second-factor.ts";

/** An account with a password of its own, as it stands. */
export interface Account {
  readonly id: string;
  readonly passwordHash: string | null;
}

const LONGEST = 254;
const EMAIL = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+\.[^\s@\p{Cc}]+$/u;

/**
 * An address in the form in which it is stored.
 * @throws Refusal INVALID
 */
export function checkedEmail(email: string): string {
  const address = email.trim().toLowerCase();
  if (address.length <= LONGEST && EMAIL.test(address)) return address;
  throw new Refusal(
    "INVALID",
    `${JSON.stringify(email.slice(0, 100))} is no e-mail address; it looks like ada@example.org.`,
  );
}

/** Finds the account of an address; null when there is none. */
export async function accountOf(db: Pool | PoolClient, email: string): Promise<Account | null> {
  const { rows } = await db.query<Account>(
    `select u.id, c.password_hash as "passwordHash" from users u left join user_credentials c on c.user_id = u.id
     where u.email = $1 and u.managed_by is null`,
    [email],
  );
  return rows[0] ?? null;
}

/**
 * Makes an account.
 * @throws Refusal CONFLICT when the address has one
 */
export async function createAccount(
  db: PoolClient,
  wanted: { email: string; name: string | null; passwordHash: string },
): Promise<string> {
  const id = makeId();
  const { rowCount } = await db.query(
    "insert into users (id, email, name) values ($1, $2, $3) on conflict (email) where managed_by is null do nothing",
    [id, wanted.email, wanted.name],
  );
  if (rowCount !== 1)
    throw new Refusal("CONFLICT", `There is an account of ${wanted.email} already; sign in with its password.`);
  await db.query(
    "insert into user_credentials (user_id, password_hash, password_changed_at, recovery_codes) values ($1, $2, now(), '{}')",
    [id, wanted.passwordHash],
  );
  return id;
}

/** What a person gave to show who they are. */
export interface Proof extends Trier {
  readonly password: string;
  /** Of their device, or a recovery code. Asked for where the account has one. */
  readonly code?: string | undefined;
}

/**
 * Makes sure that a person is who they say. An address without an account costs the same work and gets the same answer.
 * @returns the account's id
 * @throws Refusal UNAUTHENTICATED, SECOND_FACTOR_REQUIRED, or RATE_LIMITED after too many tries
 */
export async function prove(pool: Pool, secrets: CloudSecrets, proof: Proof): Promise<string> {
  await countTry(pool, secrets, proof);
  const account = await accountOf(pool, proof.email);
  const isRight = await isPassword(proof.password, secrets.passwordPepper, account?.passwordHash ?? null);
  if (account === null || !isRight)
    throw new Refusal(
      "UNAUTHENTICATED",
      "The address or the password is wrong. Try again, or ask your operator for help.",
    );
  await requireSecondFactor(pool, secrets, account.id, proof.code);
  await forgetTries(pool, secrets, proof);
  return account.id;
}
