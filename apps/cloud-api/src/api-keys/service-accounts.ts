import { isId, makeId, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { knownKeysOf } from "./known-keys.ts";

/**
 * Makes a service account: a program that owns keys, so that they outlive the people who made them.
 * @throws Refusal CONFLICT when the tenant has one of this name
 */
export async function createServiceAccount(
  pool: Pool,
  { tenantId, name }: { readonly tenantId: string; readonly name: string },
): Promise<{ id: string }> {
  const id = makeId();
  const { rowCount } = await pool.query(
    `insert into service_accounts (id, tenant_id, name) values ($1, $2, $3) on conflict (tenant_id, name) do nothing`,
    [id, tenantId, name],
  );
  if (rowCount === 1) return { id };
  throw new Refusal("CONFLICT", `The service account ${JSON.stringify(name)} exists already; take another name.`);
}

/**
 * Removes a service account; its keys are revoked, and stay in the list.
 * @throws Refusal NOT_FOUND
 */
export async function deleteServiceAccount(
  pool: Pool,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
): Promise<{ name: string; revokedKeys: number }> {
  const values = [tenantId, isId(id) ? id : null];
  // First the keys: were this to stop in between, none that works would be left behind.
  const { rowCount } = await pool.query(
    `update api_keys set revoked_at = coalesce(revoked_at, now()), service_account_id = null
     where tenant_id = $1 and service_account_id = $2`,
    values,
  );
  knownKeysOf(pool).forget();
  const { rows } = await pool.query<{ name: string }>(
    `delete from service_accounts where tenant_id = $1 and id = $2 returning name`,
    values,
  );
  const [gone] = rows;
  if (gone !== undefined) return { name: gone.name, revokedKeys: rowCount ?? 0 };
  throw absentServiceAccount(id);
}

/** @throws Refusal NOT_FOUND when the tenant has no such service account */
export async function requireServiceAccount(pool: Pool, tenantId: string, id: string): Promise<void> {
  const { rowCount } = await pool.query("select from service_accounts where tenant_id = $1 and id = $2", [
    tenantId,
    isId(id) ? id : null,
  ]);
  if (rowCount !== 1) throw absentServiceAccount(id);
}

function absentServiceAccount(id: string): Refusal {
  return new Refusal(
    "NOT_FOUND",
    `There is no service account ${JSON.stringify(id)}; the list serviceAccounts has them.`,
  );
}
