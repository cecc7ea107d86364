import { type EnrolReply, type EnrolRequest, Refusal } from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { enrolAgent } from "../agents/enrol-agent.ts";
import type { DoorDeps } from "../app.ts";
import { actorOf } from "../audit/audit-actor.ts";
import { audited } from "../audit/audited.ts";
import { signSession } from "../tokens/tokens.ts";
import { doorRoute } from "./door-route.ts";
import { assertSpoken } from "./spoken-version.ts";

/** `POST /v1/agents` */
export function registerEnrol(door: FastifyInstance, { database, secrets, config, log }: DoorDeps): void {
  const handler = async ({
    principal,
    body,
    ip: address,
  }: FastifyRequest<{ Body: EnrolRequest }>): Promise<EnrolReply> => {
    if (principal?.keyId === undefined) throw new Refusal("UNAUTHENTICATED", "Enrolling needs an agent key.");
    assertSpoken(String(body.apiVersion));
    const key = { ...principal, keyId: principal.keyId };
    const by = { tenantId: key.tenantId, actor: actorOf(key), address, action: "enrolAgent" };
    const agentId = await audited({ pool: database.pool, log }, by, async (note) => {
      const id = await enrolAgent(database.pool, key, body);
      note.target = { kind: "Agent", id };
      return id;
    });
    const session = { agentId, tenantId: principal.tenantId, keyId: principal.keyId };
    return {
      agentId,
      sessionToken: await signSession(secrets, session, config.sessionSeconds, Date.now()),
      sessionSeconds: config.sessionSeconds,
      leaseSeconds: config.leaseSeconds,
      reportSeconds: config.reportSeconds,
    };
  };
  door.route<{ Body: EnrolRequest }>({ ...doorRoute("enrol"), bodyLimit: 256 * 1024, handler });
}
