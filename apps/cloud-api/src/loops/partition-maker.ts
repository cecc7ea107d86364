import type { Pool } from "pg";
import { ensurePartitions } from "../database/index.ts";
import type { Loop } from "./loop.ts";

/** Makes the partitions of the days ahead long before they are needed: once an hour, for days. */
export function partitionMaker(pool: Pool, now: () => Date): Loop {
  return { name: "partition-maker", seconds: 3600, tick: () => ensurePartitions(pool, now()) };
}
