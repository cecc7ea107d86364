import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { Principal } from "../api-keys/api-keys.ts";
import { readSession } from "../people/sessions.ts";
import type { CloudSecrets } from "../secrets.ts";
import { actorOf } from "./audit-actor.ts";
import { auditDigest } from "./audit-digest.ts";
import { outcomeOf } from "./audited.ts";
import { recordAudit } from "./record-audit.ts";

interface PeopleDeps {
  readonly database: { readonly pool: Pool };
  readonly secrets: CloudSecrets;
  readonly log: Pick<Logger, "error">;
}

/** What a person, or somebody who says to be one, sent to a route of people. */
interface PeopleRequest {
  /** Pattern of the route; it is the action. @example "/auth/login" */
  readonly url: string;
  readonly body: unknown;
  readonly address: string;
  /** Whose session or key it came with; null: nobody's. */
  readonly principal: Principal | null;
  /** Where a sign-in says by itself for which tenant it is; null, or absent: the tenants of the account that it names. */
  readonly tenantId?: string | null;
}

const TENANTS_OF = `select m.tenant_id as "tenantId" from memberships m join users u on u.id = m.user_id where u.email = $1 limit 20`;

/**
 * Does what a route of people does, and writes down how it went: in the tenant whose session it began or came with; of a sign-in that failed, in
 * each tenant of the account that was named. When that cannot be written, nobody is told of the session: it opens nothing.
 */
export async function auditPeople<T extends { readonly session?: { readonly token: string } }>(
  { database: { pool }, secrets, log }: PeopleDeps,
  { url: action, body, address, principal, tenantId }: PeopleRequest,
  work: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await work();
    const { session } = answer;
    const who = session === undefined ? principal : await readSession(pool, secrets, session.token);
    if (who !== null)
      await recordAudit(pool, { tenantId: who.tenantId, actor: actorOf(who), address, action, outcome: "done" });
    return answer;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const told = { address, action, code: error.code, outcome: outcomeOf(error.code, false) };
    if (principal !== null)
      await recordAudit(pool, { ...told, tenantId: principal.tenantId, actor: actorOf(principal) });
    else if (tenantId) await recordAudit(pool, { ...told, tenantId, actor: { kind: "user" } });
    // Not waited for: how long an answer takes must not tell whether the account is there. Nothing was done that could be done silently.
    else
      void noteStranger(pool, secrets, body, told).catch((failure: unknown) =>
        log.error({ err: failure, action }, "a sign-in that failed could not be written into the audit log"),
      );
    throw error;
  }
}

/** The tenants in whose audit log it belongs what somebody does to an account. */
export async function tenantsOfAccount(pool: Pool, email: string): Promise<string[]> {
  const { rows } = await pool.query<{ tenantId: string }>(TENANTS_OF, [email]);
  return rows.map(({ tenantId }) => tenantId);
}

type Told = Omit<Parameters<typeof recordAudit>[1], "tenantId" | "actor">;

async function noteStranger(pool: Pool, secrets: CloudSecrets, body: unknown, told: Told): Promise<void> {
  const { email } = (typeof body === "object" && body !== null ? body : {}) as { email?: unknown };
  if (typeof email !== "string") return;
  const name = email.trim().toLowerCase();
  for (const tenantId of await tenantsOfAccount(pool, name)) {
    const actorName = auditDigest(secrets, tenantId, name);
    await recordAudit(pool, { ...told, tenantId, actor: { kind: "user" }, actorName });
  }
}
