import { getHeapStatistics } from "node:v8";
import underPressure from "@fastify/under-pressure";
import { Refusal } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import type { CloudConfig } from "./config.ts";
import type { RouteAuth } from "./run-door/auth.ts";

/** Who is let in however full it is: runners, or leases would be lost to a crowd of people; and whoever asks for the process's health. */
const ALWAYS_SERVED: ReadonlySet<RouteAuth | undefined> = new Set(["run", "public"]);
const RETRY_SECONDS = 2;
/** Three times what full load was seen to need. Bytes. */
const HEAP_MOST = 1024 ** 3;
/** What is left above it is for the reports that are let in all the same; a process that reaches V8's limit is aborted. */
const HEAP_SHARE = 0.8;

/**
 * Heap in use at which a process turns requests away, in bytes: four fifths of what V8 allows it, a gigabyte at most. V8 allows about half
 * of a container's memory.
 * @example heapBytesMost(600 * 1024 ** 2) // 480 MiB
 */
export function heapBytesMost(v8Limit = getHeapStatistics().heap_size_limit): number {
  return Math.min(HEAP_MOST, Math.floor(v8Limit * HEAP_SHARE));
}

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
