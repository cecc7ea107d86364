import { makeId, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { recordAudit } from "../audit/record-audit.ts";
import { createApiKey } from "../api-keys/api-keys.ts";
import { invite } from "../people/invitations.ts";
import type { CloudSecrets } from "../secrets.ts";

/** A new tenant with the two keys that begin everything else. The keys are nowhere else: they are shown once. */
export interface CreatedTenant {
  readonly tenantId: string;
  readonly userKey: string;
  readonly agentKey: string;
  /** Of the owner's invitation; null when none was asked for. */
  readonly ownerToken: string | null;
}

const LONGEST_NAME = 200;

/**
 * Makes a tenant, its project `default`, a user key and an agent key, and invites its owner.
 * @param owner as `checkedEmail` answers it; null: nobody is invited
 * @throws Refusal INVALID for a name that is empty or too long, CONFLICT for one that is taken
 */
export async function createTenant(
  pool: Pool,
  secrets: CloudSecrets,
  name: string,
  owner: string | null,
): Promise<CreatedTenant> {
  if (name.trim() === "" || name.length > LONGEST_NAME)
    throw new Refusal(
      "INVALID",
      `A tenant's name has 1 to ${LONGEST_NAME} characters; ${JSON.stringify(name)} does not.`,
    );
  const tenantId = makeId();
  const made = await pool.query(
    `with tenant as (insert into tenants (id, name) values ($1, $2) on conflict (name) do nothing returning id)
     insert into projects (id, tenant_id, name) select $3, id, 'default' from tenant`,
    [tenantId, name, makeId()],
  );
  if (made.rowCount === 0)
    throw new Refusal("CONFLICT", `There is a tenant ${JSON.stringify(name)} already; choose another name.`);
  const user = await createApiKey(pool, secrets, {
    tenantId,
    name: "first user key",
    scope: "user",
    rights: { role: "owner" },
  });
  const agent = await createApiKey(pool, secrets, { tenantId, name: "first agent key", scope: "agent" });
  const ownerToken = owner === null ? null : await inviteOwner(pool, secrets, tenantId, owner);
  const target = { kind: "Tenant", id: tenantId };
  await recordAudit(pool, { tenantId, actor: { kind: "system" }, action: "create-tenant", target, outcome: "done" });
  return { tenantId, userKey: user.key, agentKey: agent.key, ownerToken };
}

async function inviteOwner(pool: Pool, secrets: CloudSecrets, tenantId: string, email: string): Promise<string> {
  const wanted = { tenantId, email, role: "owner", roleId: null, invitedBy: null };
  return (await invite(pool, secrets, wanted)).token;
}
