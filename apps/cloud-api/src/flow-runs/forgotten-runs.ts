import { idTime } from "@weir/protocol";
import type { Pool } from "pg";
import { partitionAt, partitionNames } from "../database/partitions.ts";

/**
 * Of flow runs, by id: whether retention has dropped their day, with all task runs, logs and artifacts of it. Their own rows and states stay. A look
 * at the catalogue, whatever the number of runs.
 */
export async function readForgotten(db: Pick<Pool, "query">, runIds: readonly string[]): Promise<Map<string, boolean>> {
  const there = new Set(await partitionNames(db));
  return new Map(runIds.map((id) => [id, !there.has(partitionAt("task_runs", idTime(id)).name)]));
}
