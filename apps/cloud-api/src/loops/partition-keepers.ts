import type { Pool } from "pg";
import type { Logger } from "pino";
import type { Loop } from "./loop.ts";
import { partitionDropper } from "./partition-dropper.ts";
import { partitionMaker } from "./partition-maker.ts";

/**
 * The loops that make partitions and drop old ones.
 * @param pool of the tables' owner: the cloud's own role owns no table
 */
export function partitionKeepers(
  pool: Pool,
  { retentionDays }: { readonly retentionDays: number | null },
  log: Pick<Logger, "info">,
): Loop[] {
  const now = () => new Date();
  const maker = partitionMaker(pool, now);
  return retentionDays === null ? [maker] : [maker, partitionDropper({ pool, retentionDays, log, now })];
}
