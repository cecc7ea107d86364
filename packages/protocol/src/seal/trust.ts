import type { Json } from "../json.ts";
import type { SealedJson } from "../sealed.ts";
import { type PublicJwk, readPublicJwk } from "./keys.ts";
import { sealJson } from "./seal.ts";
import { SealError } from "./seal-error.ts";

/** A public key for sealing, with the name of whoever has the private one. */
export interface Recipient {
  readonly name: string;
  readonly jwk: PublicJwk;
}

/** Whose signatures are taken; `jwk` is an Ed25519 key, which signing checks. */
export interface TrustedSigner {
  readonly name: string;
  readonly jwk: Readonly<Record<string, unknown>>;
}

/**
 * What `weir trust export` writes: public halves, handed on by people. A key that came from the cloud is never sealed to, or the cloud could
 * put its own in place.
 */
export interface Trust {
  readonly version: 1;
  /** The key that all agents share. */
  readonly inside: PublicJwk;
  readonly recipients: readonly Recipient[];
  readonly signers: readonly TrustedSigner[];
}

/** Name of the trust file. */
export const TRUST_FILE = "weir.trust.json";

/**
 * Checks what a trust file holds.
 * @throws SealError TRUST_INVALID or KEY_INVALID
 */
export async function readTrust(value: unknown, where = TRUST_FILE): Promise<Trust> {
  const { version, inside, recipients = [], signers = [] } = Object(value) as Record<string, unknown>;
  if (version !== 1)
    throw invalid(where, version === undefined ? "has no version" : `is of version ${JSON.stringify(version)}`);
  const named = await Promise.all(
    listOf(recipients, where, "recipients").map(async ({ name, jwk }) => ({
      name,
      jwk: await readPublicJwk(jwk, `The key of ${JSON.stringify(name)} in ${where}`),
    })),
  );
  return {
    version,
    inside: await readPublicJwk(inside, `The inside key in ${where}`),
    recipients: named,
    signers: listOf(signers, where, "signers") as readonly TrustedSigner[],
  };
}

/** Everybody whom something is sealed for: the agents, and the readers. */
export const recipientsOf = ({ inside, recipients }: Pick<Trust, "inside" | "recipients">): readonly PublicJwk[] => [
  inside,
  ...recipients.map(({ jwk }) => jwk),
];

/**
 * Seals the parameters of a run for the agents and readers of a trust file, as `createFlowRun` takes them.
 * @example const parameters = await sealParameters({ day: "2026-01-31" }, await readTrust(JSON.parse(text)));
 */
export async function sealParameters(
  parameters: Readonly<Record<string, Json>>,
  trust: Pick<Trust, "inside" | "recipients">,
): Promise<SealedJson> {
  return await sealJson(recipientsOf(trust), parameters);
}

function invalid(where: string, why: string): SealError {
  return new SealError(
    "TRUST_INVALID",
    `${where} ${why}; it cannot be used. \`weir trust export\` writes one: { "version": 1, "inside": …, "recipients": […], "signers": […] }.`,
  );
}

function listOf(value: unknown, where: string, field: string): readonly { name: string; jwk: object }[] {
  if (!Array.isArray(value)) throw invalid(where, `has "${field}" that are no list`);
  return value.map((entry: unknown, index) => {
    const { name, jwk } = Object(entry) as { name?: unknown; jwk?: unknown };
    if (typeof name === "string" && name !== "" && typeof jwk === "object" && jwk !== null) return { name, jwk };
    throw invalid(where, `has "${field}[${index}]" that is no { "name": …, "jwk": … }`);
  });
}
