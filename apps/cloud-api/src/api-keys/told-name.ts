import type { Pool } from "pg";
import type { Principal } from "./api-keys.ts";

// A key that belongs to nobody in particular is called by its name.
const NAME = `select coalesce(
  (select u.email from users u where u.id = $2),
  (select 'key ' || k.name from api_keys k where k.tenant_id = $1 and k.id = $3)) as name`;

/**
 * How history and messages call who asked: the address of a person, or the name of a key.
 * @example "ada@example.com", "key deployments"
 */
export async function toldName(pool: Pool, { tenantId, userId, keyId }: Principal): Promise<string> {
  const values = [tenantId, userId ?? null, keyId ?? null];
  const { rows } = await pool.query<{ name: string | null }>({ name: "told-name", text: NAME, values });
  return rows[0]?.name ?? "somebody whose account is gone";
}
