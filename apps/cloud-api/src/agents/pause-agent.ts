import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import type { PauseWish } from "../queue/pause-queue.ts";
import { notifyWork } from "../wake/notify-work.ts";

const PAUSE = `update agents set paused_at = now(), paused_by = $3, pause_reason = $4
where tenant_id = $1 and name = $2 returning id`;
const RESUME = `update agents set paused_at = null, paused_by = null, pause_reason = null
where tenant_id = $1 and name = $2 returning id`;

/**
 * From now on the agent claims nothing, also when it is started anew under its name; what it holds goes on.
 * @throws Refusal NOT_FOUND
 */
export async function pauseAgent(pool: Pool, wanted: PauseWish & { name: string }): Promise<{ id: string }> {
  const { tenantId, name, by, reason } = wanted;
  const { rows } = await pool.query<{ id: string }>(PAUSE, [tenantId, name, by, reason ?? null]);
  return required(name, rows[0]);
}

/**
 * The agent may claim again, and hears of it at once.
 * @throws Refusal NOT_FOUND
 */
export async function resumeAgent(pool: Pool, wanted: { tenantId: string; name: string }): Promise<{ id: string }> {
  const { rows } = await pool.query<{ id: string }>(RESUME, [wanted.tenantId, wanted.name]);
  const agent = required(wanted.name, rows[0]);
  await notifyWork(pool, wanted.tenantId);
  return agent;
}

function required(name: string, agent: { id: string } | undefined): { id: string } {
  if (agent !== undefined) return agent;
  throw new Refusal(
    "NOT_FOUND",
    `There is no agent ${JSON.stringify(name)}. See their names with \`weir agents list\`.`,
  );
}
