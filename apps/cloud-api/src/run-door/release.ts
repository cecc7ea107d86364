import { type ReleaseReply, ReleaseRequest } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import type { AppDeps } from "../app.ts";
import { releaseFlowRun } from "../flow-runs/release-flow-run.ts";
import { requirePass } from "./reports.ts";

/** `POST /v1/runs/:id/release` */
export function registerRelease(door: FastifyInstance, { reportDatabase }: AppDeps): void {
  const route = { config: { auth: "run" }, schema: { body: ReleaseRequest } } as const;
  door.post<{ Body: ReleaseRequest }>("/v1/runs/:id/release", route, async (request): Promise<ReleaseReply> => {
    const pass = requirePass(request, request.body.attempt);
    return await releaseFlowRun(reportDatabase.pool, pass, request.body);
  });
}
