import { findPolicy, type Policy, PolicyError } from "@weir/gate";
import type { PublicJwk } from "@weir/protocol/seal";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { trustPath } from "../trust/trust-path.ts";

type Place = Pick<Io, "env" | "cwd">;

/** What the person at this terminal has decided about what leaves, and whom their side seals for. */
export interface OwnBoundary {
  readonly policy: Policy;
  /** Public half of the key that all agents share, from the trust file. Empty: nothing can be sealed here. */
  readonly insideKeys: readonly PublicJwk[];
}

/** @throws CliError with exit code 2 when policy file or trust file cannot be used */
export async function ownBoundary(io: Place): Promise<OwnBoundary> {
  const policy = await ownPolicy(io);
  const file = trustPath(io);
  if (file === null) return { policy, insideKeys: [] };
  const { readTrustFile } = await import("../trust/stored-trust.ts");
  const { inside, recipients } = await readTrustFile(file);
  // Where there is a policy file, it alone says who reads. Without one, those of the trust file do: agents seal for them too.
  const readers = recipients.map(({ name, jwk }) => ({ name, jwk: { ...jwk } }));
  return { policy: policy.source === null ? { ...policy, recipients: readers } : policy, insideKeys: [inside] };
}

/** The policy that holds where the command is typed. @throws CliError with exit code 2 */
export async function ownPolicy({ env, cwd }: Place): Promise<Policy> {
  try {
    return await findPolicy(cwd, env);
  } catch (error) {
    if (error instanceof PolicyError) throw new CliError(EXIT.usage, "POLICY_INVALID", error.message, error);
    throw error;
  }
}
