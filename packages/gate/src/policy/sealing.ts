import { type DataClass, DATA_CLASSES } from "@weir/protocol";
import { reasonFor } from "./entries.ts";
import type { Policy } from "./policy.ts";
import { placeOf } from "./places.ts";

/** What an agent must be able to open, or no run goes on: its inputs, where results lie, where the code lies. */
const FOR_AGENTS: readonly DataClass[] = ["parameter", "location", "config"];

/** Why nobody could open what is sealed of a class, as half a sentence; or null. */
export function nobodyOpens(dataClass: DataClass, recipients: number, hasInsideKey: boolean): string | null {
  if (hasInsideKey) return null;
  if (FOR_AGENTS.includes(dataClass))
    return "agents must open it to run anything, and there is no inside key, which all agents share";
  return recipients > 0
    ? null
    : "nobody could open it: there is neither a recipient under seal.recipients nor an inside key";
}

/** What to do about it. */
export const HOW_TO_SEAL =
  "Make an inside key (`weir seal keygen`) and give it to every agent by WEIR_AGENT_SEAL_KEY_FILE; who only starts runs has its public half in the trust file (`weir trust export`)";

/**
 * Why a policy that seals cannot be kept, as a sentence; null when it can, or seals nothing. Whoever holds the keys asks: the file alone
 * does not say whether there is an inside key.
 */
export function sealingProblem(policy: Policy, hasInsideKey: boolean): string | null {
  for (const dataClass of Object.keys(DATA_CLASSES) as DataClass[]) {
    const sealing = policy.entries?.find((entry) => entry.classes[dataClass] === "seal");
    const isSealed = sealing !== undefined || reasonFor(policy, dataClass, {}).action === "seal";
    const why = isSealed ? nobodyOpens(dataClass, policy.recipients.length, hasInsideKey) : null;
    if (why === null) continue;
    const place = placeOf(policy, sealing && `${sealing.path}.${dataClass}`, sealing?.lines[dataClass] ?? null);
    return `${place} says seal for the class ${dataClass}, but ${why}. ${HOW_TO_SEAL}.`;
  }
  return null;
}
