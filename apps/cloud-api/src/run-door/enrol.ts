import { type EnrolReply, type EnrolRequest, Refusal } from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { enrolAgent } from "../agents/enrol-agent.ts";
import type { DoorDeps } from "../app.ts";
import { signSession } from "../tokens/tokens.ts";
import { doorRoute } from "./door-route.ts";
import { assertSpoken } from "./spoken-version.ts";

/** `POST /v1/agents` */
export function registerEnrol(door: FastifyInstance, { database, secrets, config }: DoorDeps): void {
  const handler = async ({ principal, body }: FastifyRequest<{ Body: EnrolRequest }>): Promise<EnrolReply> => {
    if (principal?.keyId === undefined) throw new Refusal("UNAUTHENTICATED", "Enrolling needs an agent key.");
    assertSpoken(String(body.apiVersion));
    const agentId = await enrolAgent(database.pool, { ...principal, keyId: principal.keyId }, body);
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
