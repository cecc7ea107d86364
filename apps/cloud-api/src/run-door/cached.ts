import type { CachedReply, CachedRequest } from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DoorDeps } from "../app.ts";
import { requireLiveAttempt } from "../flow-runs/require-live-attempt.ts";
import { doorRoute } from "./door-route.ts";
import { requirePass } from "./reports.ts";

/** `POST /v1/runs/:id/cached`. Nothing is cached yet: no state is ever found. */
export function registerCached(door: FastifyInstance, { lanes }: DoorDeps): void {
  const handler = async (request: FastifyRequest<{ Body: CachedRequest }>): Promise<CachedReply> => {
    await requireLiveAttempt(lanes.reports, requirePass(request, request.body.attempt));
    return { states: [] };
  };
  door.route<{ Body: CachedRequest }>({ ...doorRoute("cached"), handler });
}
