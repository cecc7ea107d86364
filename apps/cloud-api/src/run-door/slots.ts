import type { SlotsReply, SlotsRequest } from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DoorDeps } from "../app.ts";
import { askForSlots } from "../task-limits/ask-for-slots.ts";
import { doorRoute } from "./door-route.ts";
import { requirePass } from "./reports.ts";

/** `POST /v1/runs/:id/slots` */
export function registerSlots(door: FastifyInstance, { lanes, granter }: DoorDeps): void {
  const handler = async (request: FastifyRequest<{ Body: SlotsRequest }>): Promise<SlotsReply> => {
    const pass = requirePass(request, request.body.attempt);
    return await askForSlots(lanes.reports, granter.inTurn, pass, request.body.tasks);
  };
  // 1,000 task runs with the 50 tags that each may have, of 200 characters.
  door.route<{ Body: SlotsRequest }>({ ...doorRoute("slots"), bodyLimit: 16 * 1024 * 1024, handler });
}
