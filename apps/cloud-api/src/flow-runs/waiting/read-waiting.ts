import type { Pool } from "pg";
import { decideWaiting, type Waiting } from "./decide-waiting.ts";
import { WAITING_FACTS } from "./waiting.sql.ts";
import type { WaitingFacts } from "./waiting-facts.ts";

/** Why runs of a tenant wait, by their ids. Runs that do not wait, and those of others, are left out. One statement for all. */
export async function readWaiting(
  pool: Pool,
  tenantId: string,
  runIds: readonly string[],
): Promise<Map<string, Waiting>> {
  const { rows } = await pool.query<WaitingFacts>({
    name: "waiting-facts",
    text: WAITING_FACTS,
    values: [tenantId, runIds],
  });
  return new Map(
    rows.flatMap((facts) => {
      const waiting = decideWaiting(facts);
      return waiting === null ? [] : [[facts.runId, waiting] as const];
    }),
  );
}
