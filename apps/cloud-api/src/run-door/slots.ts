import { type SlotsReply, SlotsRequest } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import type { AppDeps } from "../app.ts";
import { requireLiveAttempt } from "../flow-runs/require-live-attempt.ts";
import { requirePass } from "./reports.ts";

/** `POST /v1/runs/:id/slots`. No limits exist yet, so every slot is granted to whoever holds the run. */
export function registerSlots(door: FastifyInstance, { reportDatabase }: AppDeps): void {
  const route = { config: { auth: "run" }, schema: { body: SlotsRequest }, bodyLimit: 1024 * 1024 } as const;
  door.post<{ Body: SlotsRequest }>("/v1/runs/:id/slots", route, async (request): Promise<SlotsReply> => {
    await requireLiveAttempt(reportDatabase.pool, requirePass(request, request.body.attempt));
    return { granted: request.body.tasks.map(({ number }) => number), waitSeconds: 0 };
  });
}
