import { createApiKey, createSecrets, signSession } from "@weir/cloud-api";
import { makeId } from "@weir/protocol";
import type pg from "pg";
import { makeTenant } from "../claims/loaded-tenant.ts";

/** One agent that waits for work. */
export interface IdleAgent {
  readonly tenant: IdleTenant;
  readonly labels: readonly string[];
  /** What it got when it enrolled. */
  readonly session: string;
}

/** A tenant whose agents wait, and the key with which its people start runs. */
export interface IdleTenant {
  readonly tenantId: string;
  readonly number: number;
  readonly userKey: string;
}

/** What the agents of each tenant differ by. Runs of each kind go to the agents that have all of its labels. */
export const KINDS: readonly (readonly string[])[] = [[], ["gpu"], ["eu"], ["gpu", "eu"]];

const AGENTS_OF_A_TENANT = 200;
const SESSION_SECONDS = 8 * 3600;

/** Enrols agents of many tenants, by the statements and signatures of the cloud without its HTTP: 10,000 of them in seconds. */
export async function populate(pool: pg.Pool, secret: string, agents: number): Promise<IdleAgent[]> {
  const population: IdleAgent[] = [];
  while (population.length < agents) {
    const count = Math.min(AGENTS_OF_A_TENANT, agents - population.length);
    population.push(...(await enrolTenant(pool, secret, population.length / AGENTS_OF_A_TENANT, count)));
  }
  return population;
}

async function enrolTenant(pool: pg.Pool, secret: string, number: number, agents: number): Promise<IdleAgent[]> {
  const secrets = createSecrets(secret);
  const { tenantId } = await makeTenant(pool, secret, `idle ${number}`);
  const rights = { role: "owner" } as const;
  const user = await createApiKey(pool, secrets, { tenantId, scope: "user", name: "people", rights });
  const agent = await createApiKey(pool, secrets, { tenantId, scope: "agent", name: "agents" });
  const tenant = { tenantId, number, userKey: user.key };
  const ids = Array.from({ length: agents }, makeId);
  await pool.query(
    `insert into agents (id, tenant_id, api_key_id, name, labels, launchers, version, capacity)
     select id, $1, $2, 'agent ' || n, '{}', '{process}', '0.1.0', 10 from unnest($3::uuid[]) with ordinality as u (id, n)`,
    [tenantId, agent.id, ids],
  );
  return await Promise.all(
    ids.map(async (agentId, index) => ({
      tenant,
      labels: KINDS[index % KINDS.length] ?? [],
      session: await signSession(secrets, { agentId, tenantId, keyId: agent.id }, SESSION_SECONDS, Date.now()),
    })),
  );
}
