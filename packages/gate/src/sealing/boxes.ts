import { GateError } from "../gate-error.ts";
import type { Policy } from "../policy/policy.ts";
import type { Box } from "../treatment/means.ts";
import { loadSeal } from "./load-seal.ts";
import { type InsideKey, recipientsOf } from "./recipients.ts";

/**
 * Seals what is of no run yet, each for every recipient.
 * @throws GateError INVALID when there is no key to seal for
 */
export async function sealBoxes(
  boxes: readonly Box[],
  policy: Policy,
  insideKeys: readonly InsideKey[],
): Promise<void> {
  if (boxes.length === 0) return;
  const recipients = await recipientsOf(policy, insideKeys);
  if (recipients === null) throw noKey();
  const { sealFor } = await loadSeal();
  for (const { target, field, plain } of boxes)
    target[field] = await sealFor(recipients, Buffer.from(JSON.stringify(plain)));
}

function noKey(): GateError {
  return new GateError(
    "INVALID",
    "The boundary policy says that this is to be sealed, and there is no key of the agents to seal it for. Nothing was sent. Make one with `weir seal keygen`; give an agent the private key (WEIR_AGENT_SEAL_KEY_FILE) and whoever registers and starts flows the trust file of `weir trust export` (WEIR_TRUST_FILE).",
  );
}
