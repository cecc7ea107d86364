import type { Pool } from "pg";
import type { Logger } from "pino";
import { dropPartitionsBefore } from "../database/drop-partitions.ts";
import { DAY_MS } from "../database/partitions.ts";
import type { Loop } from "./loop.ts";

export interface DropperDeps {
  /** Of the tables' owner. */
  readonly pool: Pool;
  readonly retentionDays: number;
  readonly log: Pick<Logger, "info">;
  readonly now: () => Date;
}

/** Drops what is older than the cloud is to keep. Any number of replicas may do so at once. */
export function partitionDropper({ pool, retentionDays, log, now }: DropperDeps): Loop {
  /** Days of which it was told why they stay: once, not every hour for as long as a run is paused. */
  const told = new Set<string>();
  const tick = async () => {
    const dropped = await dropPartitionsBefore(pool, new Date(now().getTime() - retentionDays * DAY_MS));
    if (dropped.partitions.length > 0)
      log.info(
        { partitions: dropped.partitions },
        "dropped the history of runs that is older than WEIR_RETENTION_DAYS",
      );
    for (const { day, runId } of dropped.kept) {
      if (told.has(day)) continue;
      told.add(day);
      log.info(
        { day, runId },
        "the history of this day is kept beyond WEIR_RETENTION_DAYS: a run that was made then is not over, or ended since",
      );
    }
  };
  return { name: "partition-dropper", seconds: 3600, tick };
}
