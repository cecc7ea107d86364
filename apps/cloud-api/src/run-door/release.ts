import type { ReleaseReply, ReleaseRequest } from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DoorDeps } from "../app.ts";
import { releaseFlowRun } from "../flow-runs/release-flow-run.ts";
import { doorRoute } from "./door-route.ts";
import { requirePass } from "./reports.ts";

/** `POST /v1/runs/:id/release` */
export function registerRelease(door: FastifyInstance, { lanes, granter }: DoorDeps): void {
  const deps = { pool: lanes.reports, onFreed: (tenantId: string) => granter.freed(tenantId) };
  const handler = async (request: FastifyRequest<{ Body: ReleaseRequest }>): Promise<ReleaseReply> => {
    const pass = requirePass(request, request.body.attempt);
    return await releaseFlowRun(deps, pass, request.body);
  };
  door.route<{ Body: ReleaseRequest }>({ ...doorRoute("release"), handler });
}
