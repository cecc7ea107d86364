import { Refusal, type StartReply, type StartRequest } from "@weir/protocol";
import type { Pool } from "pg";
import { createFlowRun } from "./create-flow-run.ts";
import type { Reporter } from "./report-events.ts";

const PROJECT = `select p.name from flow_runs r
join flows f on f.tenant_id = r.tenant_id and f.id = r.flow_id
join projects p on p.tenant_id = f.tenant_id and p.id = f.project_id
where r.tenant_id = $1 and r.id = $2`;

/**
 * Creates a flow run for another one, which holds its lease. Any agent may take it. The same parent and key give the same run.
 * @throws Refusal as `createFlowRun`
 */
export async function startChildRun(pool: Pool, parent: Reporter, request: StartRequest): Promise<StartReply> {
  const { attempt: _attempt, project, scheduledStartTime, ...wish } = request;
  const { id, created } = await createFlowRun(pool, {
    ...wish,
    tenantId: parent.tenantId,
    project: project ?? (await projectOf(pool, parent)),
    parent: { runId: parent.runId, attempt: parent.attempt },
    ...(scheduledStartTime === undefined ? {} : { scheduledStartTime: new Date(scheduledStartTime) }),
  });
  return { runId: id, created };
}

async function projectOf(pool: Pool, { tenantId, runId }: Reporter): Promise<string> {
  const { rows } = await pool.query<{ name: string }>({
    name: "project-of-run",
    text: PROJECT,
    values: [tenantId, runId],
  });
  const [project] = rows;
  if (project === undefined) throw new Refusal("NOT_FOUND", `There is no flow run ${runId}.`);
  return project.name;
}
