import type { PrivateJwk, PublicJwk } from "@weir/protocol/seal";
import { GateError } from "../gate-error.ts";
import type { Policy } from "../policy/policy.ts";
import { loadSeal } from "./load-seal.ts";

/** A key that all agents share; where it is only the public half, a tool that starts runs can seal and not open. */
export type InsideKey = PrivateJwk | PublicJwk;

/**
 * Whom everything is sealed for: the newest inside key, so that every agent can take a run over, and the policy file's recipients.
 * Null: there is no inside key, so nothing can be sealed.
 * @throws GateError INVALID naming a recipient whose key cannot be used
 */
export async function recipientsOf(policy: Policy, insideKeys: readonly InsideKey[]): Promise<PublicJwk[] | null> {
  const [newest] = insideKeys;
  if (newest === undefined) return null;
  const { publicHalf, readPublicJwk, SealError } = await loadSeal();
  try {
    const readers = policy.recipients.map(({ name, jwk }) => readPublicJwk(jwk, `The key of the recipient "${name}"`));
    return [publicHalf(newest), ...(await Promise.all(readers))];
  } catch (error) {
    if (error instanceof SealError) throw new GateError("INVALID", error.message, error);
    throw error;
  }
}
