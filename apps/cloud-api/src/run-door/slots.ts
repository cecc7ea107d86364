import type { SlotsReply, SlotsRequest } from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DoorDeps } from "../app.ts";
import { requireLiveAttempt } from "../flow-runs/require-live-attempt.ts";
import { doorRoute } from "./door-route.ts";
import { requirePass } from "./reports.ts";

/** `POST /v1/runs/:id/slots`. No limits exist yet, so every slot is granted to whoever holds the run. */
export function registerSlots(door: FastifyInstance, { lanes }: DoorDeps): void {
  const handler = async (request: FastifyRequest<{ Body: SlotsRequest }>): Promise<SlotsReply> => {
    await requireLiveAttempt(lanes.reports, requirePass(request, request.body.attempt));
    return { granted: request.body.tasks.map(({ number }) => number), waitSeconds: 0 };
  };
  door.route<{ Body: SlotsRequest }>({ ...doorRoute("slots"), bodyLimit: 1024 * 1024, handler });
}
