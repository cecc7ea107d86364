import type { Pool } from "pg";
import { DatabaseProblem } from "./database-problem.ts";

const WHO = `select r.rolname as name, r.rolsuper as "isSuperuser", r.rolbypassrls as "mayBypass",
  exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relowner = r.oid) as "isOwner"
from pg_roles r where r.rolname = current_user`;

interface Who {
  readonly name: string;
  readonly isSuperuser: boolean;
  readonly mayBypass: boolean;
  readonly isOwner: boolean;
}

/**
 * Makes sure that what the cloud works as is held by row-level security.
 * @throws DatabaseProblem ISOLATION_MISSING for a role that is not
 */
export async function requireIsolation(pool: Pool): Promise<void> {
  const { rows } = await pool.query<Who>(WHO);
  const [who] = rows;
  if (who !== undefined && !who.isSuperuser && !who.mayBypass && !who.isOwner) return;
  const name = who?.name ?? "?";
  const what = who?.isOwner ? "owns the tables" : "is not held by row-level security";
  throw new DatabaseProblem(
    "ISOLATION_MISSING",
    `The login ${name} ${what}, so the database could not keep tenants apart. Give WEIR_DATABASE_URL a login that is a member of the role weir_app and no more (\`create role weir_cloud login password '…' in role weir_app\`), and put the owner's login into WEIR_DATABASE_OWNER_URL.`,
  );
}
