import { type ClaimRequest, Refusal } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import { SeenAgents } from "../agents/seen-agents.ts";
import type { DoorDeps } from "../app.ts";
import { inTenant } from "../database/tenant-scope.ts";
import { readNextDue } from "../flow-runs/claim-flow-runs.ts";
import { OrdersTold } from "../flow-runs/orders-told.ts";
import { WaitingClaims } from "../flow-runs/waiting-claims.ts";
import { type ClaimDeps, ClaimPoll } from "./claim-poll.ts";
import { doorRoute } from "./door-route.ts";

/** `POST /v1/claims`: a long-poll. Answers as soon as there is work or an order, at the latest after `waitSeconds`. */
export function registerClaims(door: FastifyInstance, deps: DoorDeps): void {
  const pool = deps.lanes.claims;
  const waiting = new WaitingClaims(
    deps.wake,
    (tenantId) => inTenant(tenantId, () => readNextDue(pool, tenantId)),
    deps.config.pollSeconds * 1000,
  );
  const claims: ClaimDeps = { ...deps, waiting, told: new OrdersTold(pool), seen: new SeenAgents(pool) };
  // A server that closes waits for its requests, and these would wait for work.
  door.addHook("preClose", async () => waiting.close());
  door.route<{ Body: ClaimRequest }>({
    ...doorRoute("claim"),
    bodyLimit: 1024 * 1024,
    // Not async: of ten thousand that wait, no promise and no frame of a function is held.
    handler: ({ session, body }, reply) => {
      if (session === null) throw new Refusal("UNAUTHENTICATED", "Claiming needs a session token.");
      new ClaimPoll(claims, session, body, reply).begin();
    },
  });
}
