import { LIMITS, type StartReply, type StartRequest } from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DoorDeps } from "../app.ts";
import { startChildRun } from "../flow-runs/start-child-run.ts";
import { doorRoute } from "./door-route.ts";
import { requirePass } from "./reports.ts";

/** `POST /v1/runs/:id/starts` */
export function registerStarts(door: FastifyInstance, { lanes }: DoorDeps): void {
  const handler = async (request: FastifyRequest<{ Body: StartRequest }>): Promise<StartReply> => {
    const pass = requirePass(request, request.body.attempt);
    return await startChildRun(lanes.reports, pass, request.body);
  };
  // Parameters, and as much again for labels and names.
  door.route<{ Body: StartRequest }>({ ...doorRoute("start"), bodyLimit: 2 * LIMITS.parametersBytes, handler });
}
