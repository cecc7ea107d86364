import { isId, Refusal, type ScheduleDefinition } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../database/in-transaction.ts";
import { planAnew, syncSchedules } from "../schedules/sync-schedules.ts";
import { CURRENT_VERSION, LOCK_FLOW_OF_VERSION, SET_ARCHIVED } from "./flow-version.sql.ts";

interface CurrentVersion {
  readonly id: string;
  readonly schedules: ScheduleDefinition[] | null;
}

/**
 * Archives a version, or brings it back. The newest that is not archived runs next; when that becomes another one, its schedules become the
 * flow's. Runs that were created before keep their version; those that a schedule made ahead and nobody touched are planned anew.
 * @throws Refusal NOT_FOUND
 */
export async function setVersionArchived(
  pool: Pool,
  wanted: { tenantId: string; id: string; archived: boolean; now: Date },
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { tenantId, id, archived, now } = wanted;
    const { rows } = isId(id)
      ? await client.query<{ id: string }>(LOCK_FLOW_OF_VERSION, [tenantId, id])
      : { rows: [] as { id: string }[] };
    const [flow] = rows;
    if (flow === undefined)
      throw new Refusal(
        "NOT_FOUND",
        `There is no flow version ${JSON.stringify(id)}; \`weir flows versions\` lists them.`,
      );
    const before = await currentVersion(client, tenantId, flow.id);
    await client.query(SET_ARCHIVED, [tenantId, id, archived]);
    const after = await currentVersion(client, tenantId, flow.id);
    if (before?.id !== after?.id) await takeSchedules(client, { tenantId, flowId: flow.id }, after, now);
  });
}

async function currentVersion(client: PoolClient, tenantId: string, flowId: string): Promise<CurrentVersion | null> {
  const { rows } = await client.query<CurrentVersion>(CURRENT_VERSION, [tenantId, flowId]);
  return rows[0] ?? null;
}

async function takeSchedules(
  client: PoolClient,
  flow: { tenantId: string; flowId: string },
  version: CurrentVersion | null,
  now: Date,
): Promise<void> {
  // Of a version that was registered before versions kept their schedules, the flow goes on with those that it has.
  if (version?.schedules === null) await planAnew(client, flow, now);
  else await syncSchedules(client, flow, version?.schedules ?? [], now);
}
