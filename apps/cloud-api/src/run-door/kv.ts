import {
  type KvDeleteReply,
  type KvDeleteRequest,
  type KvGetReply,
  type KvGetRequest,
  type KvSetReply,
  type KvSetRequest,
  LIMITS,
} from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DoorDeps } from "../app.ts";
import { deleteKvOfRun, readKvOfRun, writeKvOfRun } from "../kv/kv-of-run.ts";
import { doorRoute } from "./door-route.ts";
import { requirePass } from "./reports.ts";

/**
 * `POST /v1/runs/:id/kv/get`, `…/set` and `…/delete`. Whoever holds a run may ask: the flow's code is the tenant's own, and so are all of
 * the entries.
 */
export function registerKv(door: FastifyInstance, { lanes }: DoorDeps): void {
  const pool = lanes.reports;
  const get = async (request: FastifyRequest<{ Body: KvGetRequest }>): Promise<KvGetReply> =>
    await readKvOfRun(pool, requirePass(request, request.body.attempt), request.body.key);
  const set = async (request: FastifyRequest<{ Body: KvSetRequest }>): Promise<KvSetReply> => {
    const pass = requirePass(request, request.body.attempt);
    return { version: await writeKvOfRun(pool, pass, request.body) };
  };
  const erase = async (request: FastifyRequest<{ Body: KvDeleteRequest }>): Promise<KvDeleteReply> => {
    const pass = requirePass(request, request.body.attempt);
    return { deleted: await deleteKvOfRun(pool, pass, request.body) };
  };
  door.route<{ Body: KvGetRequest }>({ ...doorRoute("kvGet"), handler: get });
  // A value that is sealed is longer by half, and by its recipients.
  door.route<{ Body: KvSetRequest }>({ ...doorRoute("kvSet"), bodyLimit: 4 * LIMITS.kvValueBytes, handler: set });
  door.route<{ Body: KvDeleteRequest }>({ ...doorRoute("kvDelete"), handler: erase });
}
