import { createHash } from "node:crypto";
import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { createApiKey, type Rights } from "../api-keys/api-keys.ts";
import type { CloudSecrets } from "../secrets.ts";
import { hashToken, makeToken } from "./one-time-token.ts";
import type { SignedIn } from "./sessions.ts";

const CODE_SECONDS = 120;
const KEY_DAYS = 90;

/**
 * Makes a code for a program that a person, signed in here, lets act for them: `weir login`.
 * @param challenge base64url of the SHA-256 of what the program alone knows: a code that somebody else reads is worth nothing
 */
export async function makeLoginCode(
  pool: Pool,
  { peoplePepper }: CloudSecrets,
  person: SignedIn,
  challenge: string,
): Promise<string> {
  const code = makeToken();
  await pool.query(
    `insert into login_codes (code_hash, tenant_id, membership_id, challenge, expires_at)
     values ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
    [hashToken(peoplePepper, "login code", code), person.tenantId, person.membershipId, challenge, CODE_SECONDS],
  );
  return code;
}

/** What the program gets. */
export interface LoginKey {
  readonly key: string;
  readonly tenant: string;
  readonly email: string;
}

interface Row {
  readonly tenantId: string;
  readonly userId: string;
  readonly tenant: string;
  readonly email: string;
  readonly role: string | null;
  readonly roleId: string | null;
  readonly challenge: string;
}

// Deleted whatever the verifier: a code is tried once.
const USE = `
with used as (delete from login_codes where code_hash = $1 and expires_at > now() returning tenant_id, membership_id, challenge)
select c.tenant_id as "tenantId", m.user_id as "userId", t.name as tenant, u.email, m.role, m.role_id as "roleId", c.challenge
from used c join memberships m on m.tenant_id = c.tenant_id and m.id = c.membership_id
join tenants t on t.id = c.tenant_id join users u on u.id = m.user_id`;

/**
 * Gives a program its key for the code that it was sent: of the person, with their role, for ninety days.
 * @param asked.device what the key is called after
 * @throws Refusal UNAUTHENTICATED for a code that is unknown, used, older than two minutes, or another program's
 */
export async function exchangeLoginCode(
  pool: Pool,
  secrets: CloudSecrets,
  asked: { code: string; verifier: string; device: string },
): Promise<LoginKey> {
  const { rows } = await pool.query<Row>(USE, [hashToken(secrets.peoplePepper, "login code", asked.code)]);
  const [row] = rows;
  if (row === undefined || row.challenge !== createHash("sha256").update(asked.verifier).digest("base64url"))
    throw new Refusal(
      "UNAUTHENTICATED",
      "This code was used, is too old, or is not this program's. Run `weir login` again.",
    );
  const { tenantId, userId, tenant, email } = row;
  const rights = (row.role === null ? { roleId: row.roleId } : { role: row.role }) as Rights;
  const expiresAt = new Date(Date.now() + KEY_DAYS * 24 * 3600 * 1000);
  const name = `weir login on ${asked.device}`;
  const { key } = await createApiKey(pool, secrets, { tenantId, userId, name, scope: "user", rights, expiresAt });
  return { key, tenant, email };
}
