import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";

const UNIQUE_VIOLATION = "23505";
/** Something points at it still; Postgres has another code for that since 18. */
const POINTED_AT: ReadonlySet<unknown> = new Set(["23503", "23001"]);

const codeOf = (error: unknown) => (error as { code?: unknown }).code;

/**
 * Gives a project another name. What is signed says its project, and agents may serve projects by name: both are to be changed too.
 * @throws Refusal NOT_FOUND; CONFLICT when another project has the name
 */
export async function renameProject(
  pool: Pool,
  wanted: { tenantId: string; project: string; name: string },
): Promise<{ id: string }> {
  const { tenantId, project, name } = wanted;
  const rename = `update projects set name = $3 where tenant_id = $1 and name = $2 returning id`;
  const { rows } = await pool.query<{ id: string }>(rename, [tenantId, project, name]).catch((error: unknown) => {
    if (codeOf(error) !== UNIQUE_VIOLATION) throw error;
    throw new Refusal("CONFLICT", `The project ${JSON.stringify(name)} exists already; take another name.`);
  });
  if (rows[0] === undefined) throw absent(project);
  return rows[0];
}

/**
 * Deletes a project in which no flow is.
 * @throws Refusal NOT_FOUND; CONFLICT naming flows that are in it
 */
export async function deleteProject(pool: Pool, wanted: { tenantId: string; name: string }): Promise<void> {
  const { tenantId, name } = wanted;
  // The foreign key decides, so that a flow that is registered at this moment is not lost.
  const remove = `delete from projects where tenant_id = $1 and name = $2`;
  const { rowCount } = await pool.query(remove, [tenantId, name]).catch(async (error: unknown) => {
    if (!POINTED_AT.has(codeOf(error))) throw error;
    throw await notEmpty(pool, tenantId, name);
  });
  if (rowCount === 0) throw absent(name);
}

async function notEmpty(pool: Pool, tenantId: string, name: string): Promise<Refusal> {
  const { rows } = await pool.query<{ name: string }>(
    `select f.name from flows f join projects p on p.tenant_id = f.tenant_id and p.id = f.project_id
     where p.tenant_id = $1 and p.name = $2 order by f.name limit 10`,
    [tenantId, name],
  );
  const flows = rows.map((flow) => JSON.stringify(flow.name)).join(", ");
  return new Refusal(
    "CONFLICT",
    `The project ${JSON.stringify(name)} holds flows: ${flows}. Move them to another project or delete them first.`,
  );
}

function absent(name: string): Refusal {
  return new Refusal(
    "NOT_FOUND",
    `There is no project ${JSON.stringify(name)}; the query projects { nodes { name } } tells them.`,
  );
}
