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
  readonly person: Principal | null;
}

const TENANTS_OF = `select m.tenant_id as "tenantId" from memberships m join users u on u.id = m.user_id where u.email = $1 limit 20`;

/**
 * Does what a route of people does, and writes down how it went: in the tenant whose session it began or came with; of a sign-in that failed, in
 * each tenant of the account that was named. When that cannot be written, nobody is told of the session: it opens nothing.
 */
export async function auditPeople<T extends { readonly session?: { readonly token: string } }>(
  { database: { pool }, secrets, log }: PeopleDeps,
  { url: action, body, address, person }: PeopleRequest,
  work: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await work();
    const { session } = answer;
    const who = session === undefined ? person : await readSession(pool, secrets, session.token);
    if (who !== null)
      await recordAudit(pool, { tenantId: who.tenantId, actor: actorOf(who), address, action, outcome: "done" });
    return answer;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const told = { address, action, code: error.code, outcome: outcomeOf(error.code, false) };
    if (person !== null) await recordAudit(pool, { ...told, tenantId: person.tenantId, actor: actorOf(person) });
    // Not waited for: how long an answer takes must not tell whether the account is there. Nothing was done that could be done silently.
    else
      void noteStranger(pool, secrets, body, told).catch((failure: unknown) =>
        log.error({ err: failure, action }, "a sign-in that failed could not be written into the audit log"),
      );
    throw error;
  }
}

type Told = Omit<Parameters<typeof recordAudit>[1], "tenantId" | "actor">;

async function noteStranger(pool: Pool, secrets: CloudSecrets, body: unknown, told: Told): Promise<void> {
  const { email } = (typeof body === "object" && body !== null ? body : {}) as { email?: unknown };
  if (typeof email !== "string") return;
  const name = email.trim().toLowerCase();
  const { rows } = await pool.query<{ tenantId: string }>(TENANTS_OF, [name]);
  for (const { tenantId } of rows) {
    const actorName = auditDigest(secrets, tenantId, name);
    await recordAudit(pool, { ...told, tenantId, actor: { kind: "user" }, actorName });
  }
}
