import { API_VERSION_HEADER } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import type { DoorDeps } from "../app.ts";
import { checkSchemas } from "../check-schemas.ts";
import { registerCached } from "./cached.ts";
import { registerClaims } from "./claims.ts";
import { registerEnrol } from "./enrol.ts";
import { registerKv } from "./kv.ts";
import { registerOutcomes } from "./outcomes.ts";
import { registerRelease } from "./release.ts";
import { registerReports } from "./reports.ts";
import { registerSlots } from "./slots.ts";
import { registerStarts } from "./starts.ts";
import { assertSpoken } from "./spoken-version.ts";

/** The run door: the messages between agents, runners and the cloud. */
export async function registerRunDoor(app: FastifyInstance, deps: DoorDeps): Promise<void> {
  await app.register(async (door) => {
    checkSchemas(door);
    door.addHook("onRequest", async (request) => assertSpoken(request.headers[API_VERSION_HEADER]));
    registerEnrol(door, deps);
    registerClaims(door, deps);
    registerReports(door, deps);
    registerRelease(door, deps);
    registerSlots(door, deps);
    registerCached(door, deps);
    registerStarts(door, deps);
    registerOutcomes(door, deps);
    registerKv(door, deps);
  });
}
