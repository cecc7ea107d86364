import { isFinished, isHeld, type Order } from "@weir/protocol";
import type { Pool } from "pg";
import { freeAllSlots, freeSlots } from "../task-limits/free-slots.ts";
import type { FoldedReport } from "./fold-report.ts";
import { readOrders, toOrder } from "./read-orders.ts";
import type { RunView } from "./run-view.ts";

export interface AttendDeps {
  readonly pool: Pool;
  /** Called when slots of the tenant became free. */
  readonly onFreed: (tenantId: string) => void;
}

/**
 * What a report needs beside its own statement when its run has something ordered: slots that it freed, and what its holder is to be told.
 * Most runs never have: their reports do not come here.
 */
export async function attendHolder(
  { pool, onFreed }: AttendDeps,
  view: RunView,
  { state, taskRuns }: FoldedReport,
): Promise<Order[]> {
  const free = isFinished(state) ? freeAllSlots(pool, view) : freeSlots(pool, view, taskRuns.freed());
  if (await free) onFreed(view.tenantId);
  if (!isHeld(state)) return [];
  return (await readOrders(pool, view.tenantId, [view.runId])).map(toOrder);
}
