import { createHash } from "node:crypto";
import { ledgerFileIn, readLedger, verifyLedger } from "@weir/gate";
import { hmacKeyOf } from "../ledger/options.ts";
import type { Io } from "../io.ts";
import type { Side } from "./side.ts";

/** What an agent that is killed may have written down and not have sent any more: a claim, and a report of each of its runs. */
const CUT_OFF = 4;

/**
 * What speaks against the ledger of a side: it is not whole, something was sent that does not stand in it byte by byte, or something stands in it
 * that did not come by the recorder. Null: nothing does. The agent must have stopped.
 */
export async function ledgerProblem(io: Io, side: Side): Promise<string | null> {
  const directory = side.scratch.agent;
  const hmacKey = hmacKeyOf({ ...io, env: side.policy.env }, directory);
  const { problem } = await verifyLedger(ledgerFileIn(directory), hmacKey === undefined ? {} : { hmacKey });
  if (problem !== null) return `The ledger of the agent is not whole: ${problem}`;
  const written = new Set<string>();
  for await (const { sha256, bytes, note } of readLedger(directory))
    if (note === undefined) written.add(keyOf(sha256, bytes));
  const bodies = side.recorder.bodiesOfAgent();
  return compared(written, bodies);
}

/** Holds the messages that a ledger tells of (`keyOf`) against those that were recorded. */
export function compared(written: ReadonlySet<string>, bodies: readonly Buffer[]): string | null {
  const sent = new Set(bodies.map((body) => keyOf(createHash("sha256").update(body).digest("hex"), body.length)));
  if (sent.size === 0) return "The agent sent nothing, so its ledger shows nothing.";
  const unwritten = sent.difference(written).size;
  if (unwritten > 0)
    return `${unwritten} of ${sent.size} messages of the agent do not stand in its ledger as they were sent.`;
  const unseen = written.difference(sent).size;
  if (unseen <= CUT_OFF) return null;
  return `${unseen} of ${written.size} messages that stand in the ledger of the agent were not seen by the recording proxy: they went another way.`;
}

/** A message as it is told apart: by hash and size. */
export function keyOf(sha256: string, bytes: number): string {
  return `${sha256} ${bytes}`;
}
