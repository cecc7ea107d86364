import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { findPolicy, type Policy, PolicyError } from "@weir/gate";
import type { PublicJwk } from "@weir/protocol/seal";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";

type Place = Pick<Io, "env" | "cwd">;

/** What the person at this terminal has decided about what leaves, and whom their side seals for. */
export interface OwnBoundary {
  readonly policy: Policy;
  /** Public half of the key that all agents share, from the trust file. Empty: nothing can be sealed here. */
  readonly insideKeys: readonly PublicJwk[];
}

/** Where a trust file is looked for: WEIR_TRUST_FILE, else beside the policy file. */
export function trustFileOf({ env, cwd }: Place, policy: Policy): string | null {
  if (env.WEIR_TRUST_FILE) return resolve(cwd, env.WEIR_TRUST_FILE);
  return policy.source === null ? null : resolve(policy.source, "..", "weir.trust.json");
}

/** @throws CliError with exit code 2 when policy file or trust file cannot be used */
export async function ownBoundary(io: Place): Promise<OwnBoundary> {
  const policy = await ownPolicy(io);
  const file = trustFileOf(io, policy);
  const isNamed = Boolean(io.env.WEIR_TRUST_FILE);
  const text = file === null ? null : readTrustText(file, isNamed);
  if (file === null || text === null) return { policy, insideKeys: [] };
  const { readTrust, SealError } = await import("@weir/protocol/seal");
  try {
    const trust = await readTrust(JSON.parse(text), file);
    return { policy, insideKeys: [trust.inside] };
  } catch (error) {
    if (error instanceof SealError) throw new CliError(EXIT.usage, "TRUST_FILE", error.message, error);
    throw new CliError(EXIT.usage, "TRUST_FILE", `${file} is no JSON. \`weir trust export\` writes a trust file.`);
  }
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

function readTrustText(file: string, isNamed: boolean): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && !isNamed) return null;
    const message = `The trust file ${file} cannot be read (${code ?? "unknown reason"}). \`weir trust export\` writes one.`;
    throw new CliError(EXIT.usage, "TRUST_FILE", message, error);
  }
}
