import type { Policy } from "@weir/gate";
import type { ClaimedRun, Failure } from "@weir/protocol";
import { workProblem } from "@weir/protocol/signing";

/**
 * Checks that a claimed run, as it came, is the work of someone whom the policy file trusts: its code, its parameters, the schedule that
 * made it. Every attempt is asked, restarts and those that are taken over too.
 * @param now milliseconds since 1970
 * @returns the failure SIGNATURE_INVALID with a sentence for people; null when it may run, or when the policy trusts nobody in particular
 */
export async function unsignedWork(claimed: ClaimedRun, policy: Policy, now: number): Promise<Failure | null> {
  const { trustedSigners: signers, revokedSigners: revoked } = policy;
  const message = await workProblem(claimed, { signers, revoked }, Math.floor(now / 1_000));
  return message === null ? null : { name: "SignatureInvalid", message, code: "SIGNATURE_INVALID" };
}
