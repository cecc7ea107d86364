import {
  createSigner,
  findPolicy,
  type Gate,
  GateError,
  KeyFileError,
  loadLogFilter,
  type LogFilter,
  LogFilterError,
  type Policy,
  PolicyError,
  readJwkFile,
  sealingProblem,
  type Signer,
  SigningKeyError,
} from "@weir/gate";
import { type PrivateJwk, readPrivateJwk, SealError } from "@weir/protocol/seal";
import { AGENT_EXIT, AgentError } from "./agent-error.ts";
import type { AgentConfig } from "./config.ts";

/** What the user has decided about everything that could leave, and the keys that it takes. */
export interface Boundary {
  readonly policy: Policy;
  /** Private keys that all agents of the tenant share, the newest first. */
  readonly insideKeys: readonly PrivateJwk[];
  /** The user's own functions for log lines. */
  readonly logFilter: LogFilter | null;
  /** Signs what runs start. */
  readonly signer: Signer | undefined;
}

type BoundaryConfig = Pick<AgentConfig, "boundaryFile" | "workingDirectory" | "sealKeyFile" | "signKeyFile">;

/**
 * Reads policy file and key files. An agent that cannot read them does not start: what it should withhold would not be known.
 * @throws AgentError with a sentence for people, exit code `usage`
 */
export async function openBoundary(config: BoundaryConfig): Promise<Boundary> {
  try {
    const policy = await findPolicy(config.workingDirectory, { WEIR_BOUNDARY_FILE: config.boundaryFile ?? undefined });
    const insideKeys = await readInsideKeys(config);
    const problem = sealingProblem(policy, insideKeys.length > 0);
    if (problem !== null) throw new AgentError(problem, AGENT_EXIT.usage);
    return {
      policy,
      insideKeys,
      logFilter: await loadLogFilter(policy.logs.module),
      signer: await readSigner(config),
    };
  } catch (error) {
    if (isUsersMistake(error)) throw new AgentError(error.message, AGENT_EXIT.usage, error);
    throw error;
  }
}

/**
 * Sees whether what the policy seals can be sealed, before anything is taken that could not be reported afterwards.
 * @throws AgentError with a sentence for people, exit code `usage`
 */
export async function checkedKeys(gate: Pick<Gate, "checkKeys">): Promise<void> {
  try {
    await gate.checkKeys();
  } catch (error) {
    if (error instanceof GateError) throw new AgentError(error.message, AGENT_EXIT.usage, error);
    throw error;
  }
}

function isUsersMistake(error: unknown): error is Error {
  return [PolicyError, KeyFileError, LogFilterError, SealError, SigningKeyError].some((kind) => error instanceof kind);
}

async function readInsideKeys({ sealKeyFile }: BoundaryConfig): Promise<readonly PrivateJwk[]> {
  if (sealKeyFile === null) return [];
  const keys = readJwkFile(sealKeyFile, "WEIR_AGENT_SEAL_KEY_FILE");
  return await Promise.all(keys.map((key, at) => readPrivateJwk(key, `Key ${at + 1} of ${sealKeyFile}`)));
}

async function readSigner({ signKeyFile }: BoundaryConfig): Promise<Signer | undefined> {
  if (signKeyFile === null) return undefined;
  const [key] = readJwkFile(signKeyFile, "WEIR_AGENT_SIGN_KEY_FILE");
  return await createSigner(key);
}
