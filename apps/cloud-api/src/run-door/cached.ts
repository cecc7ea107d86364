import { type CachedReply, CachedRequest } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import type { AppDeps } from "../app.ts";
import { requireLiveAttempt } from "../flow-runs/require-live-attempt.ts";
import { requirePass } from "./reports.ts";

/** `POST /v1/runs/:id/cached`. Nothing is cached yet: no state is ever found. */
export function registerCached(door: FastifyInstance, { reportDatabase }: AppDeps): void {
  const route = { config: { auth: "run" }, schema: { body: CachedRequest } } as const;
  door.post<{ Body: CachedRequest }>("/v1/runs/:id/cached", route, async (request): Promise<CachedReply> => {
    await requireLiveAttempt(reportDatabase.pool, requirePass(request, request.body.attempt));
    return { states: [] };
  });
}
