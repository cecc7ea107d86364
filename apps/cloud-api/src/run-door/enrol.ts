import { type EnrolReply, EnrolRequest, Refusal } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import { enrolAgent } from "../agents/enrol-agent.ts";
import type { AppDeps } from "../app.ts";
import { signSession } from "../tokens/tokens.ts";
import { assertSpoken } from "./index.ts";

/** `POST /v1/agents` */
export function registerEnrol(door: FastifyInstance, { database, secrets, config }: AppDeps): void {
  const route = { config: { auth: "agent-key" }, schema: { body: EnrolRequest }, bodyLimit: 256 * 1024 } as const;
  door.post<{ Body: EnrolRequest }>("/v1/agents", route, async ({ principal, body }): Promise<EnrolReply> => {
    if (principal === null) throw new Refusal("UNAUTHENTICATED", "Enrolling needs an agent key.");
    assertSpoken(String(body.apiVersion));
    const agentId = await enrolAgent(database.pool, principal, body);
    const session = { agentId, tenantId: principal.tenantId, keyId: principal.keyId };
    return {
      agentId,
      sessionToken: await signSession(secrets, session, config.sessionSeconds, Date.now()),
      sessionSeconds: config.sessionSeconds,
      leaseSeconds: config.leaseSeconds,
      reportSeconds: config.reportSeconds,
    };
  });
}
