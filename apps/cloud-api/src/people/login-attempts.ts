import { createHmac } from "node:crypto";
import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import type { CloudSecrets } from "../secrets.ts";

const WINDOW_SECONDS = 15 * 60;
/** In the window: of one account from one network address, of one account from everywhere, from one network address for all accounts. */
const MOST = { pair: 10, account: 50, address: 100 } as const;

/** Who tries to sign in. */
export interface Trier {
  readonly email: string;
  /** Network address. */
  readonly address: string;
}

// Counted before the password is looked at, so that a hundred guesses at one moment are a hundred.
const COUNT = `
insert into login_attempts as a (subject, failures, since)
select subject, 1, now() from unnest($1::text[]) as subject order by subject
on conflict (subject) do update set
  failures = case when a.since < now() - make_interval(secs => $2) then 1 else a.failures + 1 end,
  since = case when a.since < now() - make_interval(secs => $2) then now() else a.since end
returning subject, failures, ceil(extract(epoch from since + make_interval(secs => $2) - now()))::int4 as "secondsLeft"`;

/**
 * Counts a try. An address that has no account is counted like one that has, so that the answer tells nothing.
 * @throws Refusal RATE_LIMITED with the seconds to wait, when there were too many
 */
export async function countTry(pool: Pool, secrets: CloudSecrets, trier: Trier): Promise<void> {
  const subjects = subjectsOf(secrets, trier);
  const { rows } = await pool.query<{ subject: string; failures: number; secondsLeft: number }>(COUNT, [
    Object.values(subjects),
    WINDOW_SECONDS,
  ]);
  const over = rows.filter(({ subject, failures }) =>
    Object.entries(MOST).some(([kind, most]) => subjects[kind as keyof typeof MOST] === subject && failures > most),
  );
  if (over.length === 0) return;
  const retryAfterSeconds = Math.max(1, ...over.map(({ secondsLeft }) => secondsLeft));
  throw new Refusal(
    "RATE_LIMITED",
    `There were too many tries to sign in to this account, or from this network address; try again in ${Math.ceil(retryAfterSeconds / 60)} minutes.`,
    { retryAfterSeconds },
  );
}

/** The try was right: this account is not counted against this network address any more. Others from there still are. */
export async function forgetTries(pool: Pool, secrets: CloudSecrets, trier: Trier): Promise<void> {
  const { pair, account, address } = subjectsOf(secrets, trier);
  await pool.query(
    `with right_one as (delete from login_attempts where subject = any ($1))
     update login_attempts set failures = failures - 1 where subject = $2 and failures > 0`,
    [[pair, account], address],
  );
}

function subjectsOf({ peoplePepper }: CloudSecrets, { email, address }: Trier): Record<keyof typeof MOST, string> {
  const subject = (kind: string, of: string) =>
    `${kind}:${createHmac("sha256", peoplePepper).update(`${kind} ${of}`).digest("base64url")}`;
  return {
    pair: subject("pair", `${email} ${address}`),
    account: subject("account", email),
    address: subject("address", address),
  };
}
