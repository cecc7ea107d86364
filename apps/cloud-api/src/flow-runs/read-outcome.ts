import { isSealedText, type OutcomeReply, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { sealKeysOf } from "../seal-keys/seal-keys.ts";

interface Row {
  readonly state: OutcomeReply["state"];
  readonly message: string | null;
  readonly failure: NonNullable<OutcomeReply["failure"]> | null;
}

const OUTCOME = `select r.state, s.message, s.failure from flow_runs r
join flow_run_states s on s.flow_run_id = r.id and s.version = r.state_version
where r.id = $2 and (r.tenant_id = $1) is true`;

/**
 * How a flow run stands: its state, and message and failure of it.
 * @throws Refusal NOT_FOUND, also for a run of another tenant
 */
export async function readOutcome(pool: Pool, tenantId: string, runId: string): Promise<OutcomeReply> {
  const { rows } = await pool.query<Row>({ name: "read-outcome", text: OUTCOME, values: [tenantId, runId] });
  const [row] = rows;
  if (row === undefined)
    throw new Refusal("NOT_FOUND", `There is no flow run ${runId}. Check the id that is waited for.`);
  const { state, message, failure } = row;
  const sealed = isSealedText(message) || failure?.sealed !== undefined;
  const keys = sealed ? (await sealKeysOf(pool, tenantId, [runId])).get(runId) : undefined;
  return {
    runId,
    state,
    ...(message === null ? {} : { message }),
    ...(failure === null ? {} : { failure }),
    ...(keys === undefined ? {} : { sealKeys: keys }),
  };
}
