import { resolve } from "node:path";
import { createSigner, KeyFileError, type Policy, readJwkFile, type Signer, SigningKeyError } from "@weir/gate";
import { keyIdOf, type SigningJwk, signingKeyProblem } from "@weir/protocol/signing";
import { CliError } from "../cli-error.ts";
import { ownPolicy } from "../connection/own-boundary.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { SignOptions } from "./commands.ts";

type Wanted = Pick<SignOptions, "sign" | "signKey" | "signHours">;

/**
 * Whoever signs what this command sends; null when nothing is to be signed.
 * @throws CliError when the key cannot be used, or none is named
 */
export async function chosenSigner(io: Pick<Io, "env" | "cwd">, options: Wanted): Promise<Signer | null> {
  const { sign, signKey, signHours } = options;
  if (sign !== true && signKey === undefined) {
    if (signHours === undefined) return null;
    throw new CliError(
      EXIT.usage,
      "SIGN_KEY",
      "--sign-hours says how long a signature holds. Add --sign, or leave it out.",
    );
  }
  const signer = await ownSigner(io, options);
  if (signer !== null) return signer;
  const advice = "Make one with `weir sign keygen` and name its file in WEIR_SIGN_KEY_FILE or with --sign-key.";
  throw new CliError(EXIT.usage, "SIGN_KEY", `There is no key to sign with. ${advice}`);
}

/** The key of the person or pipeline at this terminal; null when none is named. */
export async function ownSigner(io: Pick<Io, "env" | "cwd">, options: Wanted): Promise<Signer | null> {
  const { signKey, signHours } = options;
  const variable = signKey === undefined ? "WEIR_SIGN_KEY_FILE" : "--sign-key";
  const file = signKey ?? io.env.WEIR_SIGN_KEY_FILE;
  if (!file) return null;
  try {
    const [newest] = readJwkFile(resolve(io.cwd, file), variable);
    return await createSigner(newest, signHours === undefined ? {} : { validSeconds: signHours * 3_600 });
  } catch (error) {
    if (!(error instanceof KeyFileError || error instanceof SigningKeyError)) throw error;
    const message = error instanceof SigningKeyError ? `${variable} names ${file}. ${error.message}` : error.message;
    throw new CliError(EXIT.usage, "SIGN_KEY", message, error);
  }
}

/** A signer of a policy file, with the id of the key. */
export interface ListedSigner {
  readonly name: string;
  readonly kid: string;
  readonly revoked: boolean;
  readonly mine: boolean;
}

/** Signers that a policy trusts, in its order. */
export async function listedSigners(policy: Policy, mine: string | null): Promise<ListedSigner[]> {
  const keys = policy.trustedSigners.filter(({ jwk }) => signingKeyProblem(jwk, "public") === null);
  return await Promise.all(
    keys.map(async ({ name, jwk }) => {
      const kid = await keyIdOf(jwk as unknown as SigningJwk);
      return { name, kid, revoked: policy.revokedSigners.includes(kid), mine: kid === mine };
    }),
  );
}

/** Says on stderr what `distrust` finds in the policy that holds here. */
export async function tellDistrust(io: Io, signer: Signer | null): Promise<void> {
  const why = await distrust(await ownPolicy(io), signer);
  if (why !== null) io.err(`${io.paint.yellow(why)}\n`);
}

/** Why agents of this policy will refuse what is sent, or null: told when it is registered, not when its first run fails at night. */
export async function distrust(policy: Policy, signer: Signer | null): Promise<string | null> {
  if (policy.trustedSigners.length === 0) return null;
  if (signer === null)
    return "Agents with this boundary policy run signed work only, and this is not signed. Add --sign.";
  const mine = (await listedSigners(policy, signer.kid)).find((one) => one.mine);
  if (policy.revokedSigners.includes(signer.kid))
    return `Agents with this boundary policy will refuse this: it has revoked your key ${signer.kid}. Sign with another one.`;
  if (mine !== undefined) return null;
  return `Agents with this boundary policy will refuse this: it does not list your key ${signer.kid} below trustedSigners.`;
}
