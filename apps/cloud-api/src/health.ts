import type { FastifyInstance } from "fastify";
import { Refusal } from "@weir/protocol";
import type { Readiness } from "./readiness.ts";

const RETRY_SECONDS = 2;

/** The only two addresses that need no credential: the process lives; the process can serve. */
export function registerHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get("/livez", { config: { auth: "public" } }, () => ({ live: true }));
  app.get("/readyz", { config: { auth: "public" } }, async () => {
    const problem = await readiness.problem();
    if (problem === null) return { ready: true };
    throw new Refusal("DATABASE_UNAVAILABLE", `This cloud is not ready: ${problem}.`, {
      retryAfterSeconds: RETRY_SECONDS,
    });
  });
}
