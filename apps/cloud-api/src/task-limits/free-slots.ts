import type { Pool } from "pg";
import type { RunView } from "../flow-runs/run-view.ts";
import { FREE_ALL, FREE_SOME } from "./task-slot.sql.ts";

/** A task run whose newest state frees its slots, and the event that told it. */
export interface FreedTaskRun {
  readonly number: number;
  readonly eventNumber: number;
}

type Run = Pick<RunView, "tenantId" | "runId" | "attempt">;

/** Removes the slots of task runs that need them no more. Answers whether there were any. */
export async function freeSlots(
  pool: Pool,
  { tenantId, runId, attempt }: Run,
  freed: readonly FreedTaskRun[],
): Promise<boolean> {
  if (freed.length === 0) return false;
  const numbers = freed.map(({ number }) => number);
  const events = freed.map(({ eventNumber }) => eventNumber);
  const { rowCount } = await pool.query({
    name: "free-some-slots",
    text: FREE_SOME,
    values: [tenantId, runId, attempt, numbers, events],
  });
  return (rowCount ?? 0) > 0;
}

/** Removes all slots of a run whose attempt is over. Answers whether there were any. */
export async function freeAllSlots(pool: Pool, { tenantId, runId, attempt }: Run): Promise<boolean> {
  const { rowCount } = await pool.query({ name: "free-all-slots", text: FREE_ALL, values: [tenantId, runId, attempt] });
  return (rowCount ?? 0) > 0;
}
