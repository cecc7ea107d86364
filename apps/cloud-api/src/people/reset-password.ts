import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { tenantsOfAccount } from "../audit/audit-people.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { inTransaction } from "../database/in-transaction.ts";
import type { CloudSecrets } from "../secrets.ts";
import { accountOf } from "./accounts.ts";
import { checkedPassword, hashPassword } from "./password-hash.ts";
import { endSessionsOf } from "./sessions.ts";

/**
 * For the operator, when somebody forgot their password or lost their device: sets another, removes the second factor, ends all sessions.
 * @param email as `checkedEmail` answers it
 * @throws Refusal NOT_FOUND without such an account, INVALID for the password
 */
export async function resetPassword(pool: Pool, secrets: CloudSecrets, email: string, password: string): Promise<void> {
  const account = await accountOf(pool, email);
  if (account === null) throw new Refusal("NOT_FOUND", `There is no account of ${email} with a password.`);
  const hash = await hashPassword(checkedPassword(password), secrets.passwordPepper);
  await inTransaction(pool, async (client) => {
    await client.query(
      `update user_credentials set password_hash = $2, password_changed_at = now(), totp_secret = null, totp_confirmed_at = null,
         totp_step = null, recovery_codes = '{}' where user_id = $1`,
      [account.id, hash],
    );
    await endSessionsOf(client, account.id);
  });
  const by = { actor: { kind: "system" }, action: "set-password", target: { kind: "User", id: account.id } };
  for (const tenantId of await tenantsOfAccount(pool, email))
    await recordAudit(pool, { ...by, tenantId, outcome: "done" });
}
