import { type EnrolRequest, makeId } from "@weir/protocol";
import type { Pool } from "pg";
import type { KeyPrincipal } from "../api-keys/api-keys.ts";

// The same name enrols as the same agent, so that a restarted one finds the runs it held. Who may do so is decided by the key's tenant.
const ENROL = `insert into agents (id, tenant_id, api_key_id, name, labels, launchers, version, capacity, public_keys)
values ($1, $2, $3, $4, $5::text[], $6::text[], $7, $8, $9::jsonb)
on conflict (tenant_id, name) do update set
  api_key_id = excluded.api_key_id, labels = excluded.labels, launchers = excluded.launchers, version = excluded.version,
  capacity = excluded.capacity, public_keys = excluded.public_keys, last_seen_at = now()
returning id`;

/** Writes down an agent, or the newest facts about it. Answers its id. */
export async function enrolAgent(
  pool: Pool,
  key: Pick<KeyPrincipal, "tenantId" | "keyId">,
  request: EnrolRequest,
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>({
    name: "enrol-agent",
    text: ENROL,
    values: [
      makeId(),
      key.tenantId,
      key.keyId,
      request.name,
      request.labels,
      request.launchers,
      request.version,
      request.capacity,
      request.publicKeys === undefined ? null : JSON.stringify(request.publicKeys),
    ],
  });
  const [agent] = rows;
  if (agent === undefined) throw new Error("Enrolling an agent returned no row.");
  return agent.id;
}
