import { createHash } from "node:crypto";
import { ledgerFileIn, readLedger, verifyLedger } from "@weir/gate";
import type { Side } from "./side.ts";

/**
 * What speaks against the ledger of a side: it is not whole, or something was sent that does not stand in it. Null: nothing does.
 * The agent must have stopped.
 */
export async function ledgerProblem(side: Side): Promise<string | null> {
  const file = ledgerFileIn(side.scratch.agent);
  const { problem } = await verifyLedger(file);
  if (problem !== null) return `The ledger of the agent is not whole: ${problem}.`;
  const written = new Set<string>();
  for await (const { sha256 } of readLedger(side.scratch.agent)) written.add(sha256);
  const bodies = side.recorder.bodiesOfAgent();
  const missing = bodies.filter((body) => !written.has(createHash("sha256").update(body).digest("hex")));
  if (missing.length === 0) return null;
  return `${missing.length} of ${bodies.length} messages of the agent do not stand in its ledger.`;
}
