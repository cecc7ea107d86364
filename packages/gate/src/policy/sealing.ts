import { type DataClass, DATA_CLASSES } from "@weir/protocol";
import { reasonFor } from "./entries.ts";
import { placeOf } from "./places.ts";
import type { Policy } from "./policy.ts";

/** Why nothing can be sealed without the key that agents share, and what to do about it. */
export const NO_INSIDE_KEY =
  "there is no inside key here, for which all that is sealed is sealed too, so that any agent can take a run over. Make one (`weir seal keygen --inside`) and give it to every agent by WEIR_AGENT_SEAL_KEY_FILE; who only starts runs needs its public half, in the trust file that `weir trust export` writes";

/**
 * Why a policy that seals cannot be kept, as a sentence; null when it can, or seals nothing. Whoever holds the keys asks: the file alone
 * does not say whether there is an inside key.
 */
export function sealingProblem(policy: Policy, hasInsideKey: boolean): string | null {
  if (hasInsideKey) return null;
  for (const dataClass of Object.keys(DATA_CLASSES) as DataClass[]) {
    // By entries: where all that is known is taken together, a stricter entry hides one that seals.
    const sealing = policy.entries?.find((entry) => entry.classes[dataClass] === "seal");
    if (sealing === undefined && reasonFor(policy, dataClass, {}).action !== "seal") continue;
    const place = placeOf(policy, sealing && `${sealing.path}.${dataClass}`, sealing?.lines[dataClass] ?? null);
    return `${place} says seal for the class ${dataClass}, but ${NO_INSIDE_KEY}.`;
  }
  return null;
}
