import { makeId, Refusal } from "@weir/protocol";
import type { Pool } from "pg";

/**
 * Makes a project.
 * @throws Refusal CONFLICT when the tenant has one of this name.
 */
export async function createProject(pool: Pool, wanted: { tenantId: string; name: string }): Promise<{ id: string }> {
  const id = makeId();
  // The unique key decides a race of two, not a look beforehand.
  const { rowCount } = await pool.query(
    `insert into projects (id, tenant_id, name) values ($1, $2, $3) on conflict (tenant_id, name) do nothing`,
    [id, wanted.tenantId, wanted.name],
  );
  if (rowCount === 1) return { id };
  throw new Refusal(
    "CONFLICT",
    `The project ${JSON.stringify(wanted.name)} exists already; use it, or take another name.`,
  );
}
