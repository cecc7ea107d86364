import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { beyond, Refusal } from "@weir/protocol";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Principal } from "../../api-keys/api-keys.ts";
import type { DoorDeps } from "../../app.ts";
import { actorOf } from "../../audit/audit-actor.ts";
import { audited } from "../../audit/audited.ts";
import { inTenant } from "../../database/tenant-scope.ts";
import { lacks } from "../../rights/lacks.ts";
import { requireStillHolds } from "../../rights/still-holds.ts";
import { exportHoldings } from "./export-holdings.ts";

/** Of the budget of whoever asks: an export reads all rows. */
const EXPORT_COST = 100_000;
const ACTION = "exportHoldings";

/** `GET /export/holdings.ndjson`: everything that the cloud holds of the tenant, for whoever holds `tenant:write`. */
export function registerExport(app: FastifyInstance, deps: DoorDeps): void {
  const { database, log } = deps;
  const underWay = new Map<string, Readable>();
  // They end before the server waits for its connections, or it would wait for them.
  app.addHook("preClose", async () => {
    for (const stream of underWay.values()) stream.destroy();
  });
  app.get("/export/holdings.ndjson", { config: { auth: "user" } }, async ({ principal, ip }, reply) => {
    if (principal === null) throw new Refusal("UNAUTHENTICATED", "The request carries no credential.");
    const { tenantId } = principal;
    const record = { tenantId, actor: actorOf(principal), address: ip, action: ACTION };
    let isBegun = false;
    const send = async () => {
      requireMay(principal);
      if (underWay.has(tenantId))
        throw new Refusal("CONFLICT", "An export of this tenant is under way; ask again when it has ended.");
      deps.rates.takeCost(principal, EXPORT_COST);
      const stream = linesFor(deps, principal, ip);
      underWay.set(tenantId, stream);
      isBegun = true;
      await sendAll(reply, stream).finally(() => underWay.delete(tenantId));
    };
    try {
      await audited({ pool: database.pool, log }, record, send);
    } catch (error) {
      if (!isBegun) throw error;
      // Whoever asked sees it by the missing last line, and the audit log says that it failed.
      log.warn({ err: error, tenantId }, "an export of what the cloud holds was cut off");
    }
    return reply;
  });
}

function requireMay({ permissions }: Principal): void {
  const missing = beyond(["tenant:write"], permissions);
  if (missing.length > 0) throw lacks(ACTION, missing);
}

function linesFor({ database: { pool } }: DoorDeps, principal: Principal, address: string): Readable {
  const { tenantId } = principal;
  const checkCredential = () => inTenant(tenantId, () => requireStillHolds(pool, principal, address));
  const lines = exportHoldings({ pool, tenantId, at: new Date(), checkCredential });
  // In bytes: as objects, sixteen pages would wait for whoever reads slowly.
  return Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 });
}

async function sendAll(reply: FastifyReply, stream: Readable): Promise<void> {
  void reply
    .type("application/x-ndjson; charset=utf-8")
    .header("content-disposition", 'attachment; filename="holdings.ndjson"')
    .header("cache-control", "no-store")
    .header("connection", "close")
    .send(stream);
  await finished(stream);
}
