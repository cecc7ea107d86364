import underPressure from "@fastify/under-pressure";
import { Refusal } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import type { CloudConfig } from "./config.ts";
import type { RouteAuth } from "./run-door/auth.ts";

/** Who is let in however full it is: runners, or leases would be lost to a crowd of people; and whoever asks for the process's health. */
const ALWAYS_SERVED: ReadonlySet<RouteAuth | undefined> = new Set(["run", "public"]);
const RETRY_SECONDS = 2;

/** Turns requests away while the process is behind with its work, all but those of runners. */
export async function shedOverload(app: FastifyInstance, limits: CloudConfig["overload"]): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: limits.eventLoopDelayMs,
    maxHeapUsedBytes: limits.heapBytes,
    pressureHandler: (request) => {
      if (ALWAYS_SERVED.has(request.routeOptions.config.auth)) return;
      throw new Refusal("OVERLOADED", "The cloud has more to do than it can at this moment; try again shortly.", {
        retryAfterSeconds: RETRY_SECONDS,
      });
    },
  });
}
