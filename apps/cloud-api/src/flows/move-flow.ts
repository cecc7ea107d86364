import { isId, Refusal } from "@weir/protocol";
import type { Pool } from "pg";

// The unique key (tenant, project, name) decides about two of one name, not a look beforehand.
const MOVE = `
  update flows f set project_id = p.id from projects p
  where f.tenant_id = $1 and f.id = $2 and p.tenant_id = $1 and p.name = $3`;

const UNIQUE_VIOLATION = "23505";

/**
 * Puts a flow with its versions and runs into another project. What is signed says its project: agents with trusted signers take it only when
 * it was registered, and started, anew.
 * @throws Refusal NOT_FOUND naming flow or project; CONFLICT when the project has a flow of this name
 */
export async function moveFlow(pool: Pool, wanted: { tenantId: string; id: string; project: string }): Promise<void> {
  const { tenantId, id, project } = wanted;
  const moved = isId(id) ? await pool.query(MOVE, [tenantId, id, project]).catch(taken(project)) : { rowCount: 0 };
  if (moved.rowCount === 1) return;
  const known = await pool.query(`select from projects where tenant_id = $1 and name = $2`, [tenantId, project]);
  throw new Refusal(
    "NOT_FOUND",
    known.rowCount === 0
      ? `There is no project ${JSON.stringify(project)}. Make it with the mutation createProject, or check its name.`
      : `There is no flow ${JSON.stringify(id)}; the query flows { nodes { id name } } tells them.`,
  );
}

const taken = (project: string) => (error: unknown) => {
  if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
  throw new Refusal(
    "CONFLICT",
    `The project ${JSON.stringify(project)} has a flow of this name already. Delete one of them, or register it under another name.`,
  );
};
