import type { CachedReply, CachedRequest } from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DoorDeps } from "../app.ts";
import { findCachedResults } from "../cached-results/cached-results.ts";
import { requireLiveAttempt } from "../flow-runs/require-live-attempt.ts";
import { doorRoute } from "./door-route.ts";
import { requirePass } from "./reports.ts";

/** `POST /v1/runs/:id/cached` */
export function registerCached(door: FastifyInstance, { lanes }: DoorDeps): void {
  const handler = async (request: FastifyRequest<{ Body: CachedRequest }>): Promise<CachedReply> => {
    const pass = requirePass(request, request.body.attempt);
    await requireLiveAttempt(lanes.reports, pass);
    return await findCachedResults(lanes.reports, pass.tenantId, request.body.cacheKey);
  };
  door.route<{ Body: CachedRequest }>({ ...doorRoute("cached"), handler });
}
