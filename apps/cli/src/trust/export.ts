import { resolve } from "node:path";
import { findPolicy, PolicyError } from "@weir/gate";
import { fingerprints, type PublicJwk, readTrust, type Trust } from "@weir/protocol/seal";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, printDocument } from "../io.ts";
import { sealMistake } from "../seal/seal-mistake.ts";
import { readInsideHalf } from "./stored-trust.ts";
import { tellKeys, writeTrust } from "./write-trust.ts";

interface Options {
  readonly inside?: string;
  readonly out: string;
  readonly replace?: boolean;
  readonly json?: boolean;
}

/** `weir trust export` */
export async function exportTrust(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const trust = await ownTrust(io, await insideHalf(io, options.inside));
  const file = resolve(io.cwd, options.out);
  await writeTrust(io, file, trust, options.replace === true);
  if (options.json) {
    printDocument(io, { file, trust });
    return EXIT.ok;
  }
  tellKeys(io, await fingerprints(trust));
  io.err(`${io.paint.dim(`Written to ${file}. Hand it to whoever starts runs: weir trust import FILE`)}\n`);
  return EXIT.ok;
}

async function insideHalf(io: Io, given: string | undefined): Promise<PublicJwk> {
  const file = given ?? io.env.WEIR_AGENT_SEAL_KEY_FILE;
  if (file) return await readInsideHalf(resolve(io.cwd, file));
  throw new CliError(
    EXIT.usage,
    "NO_INSIDE_KEY",
    "A trust file names the inside key, which all agents share. Give its public half with --inside FILE, or set WEIR_AGENT_SEAL_KEY_FILE; `weir seal keygen --inside` makes one.",
  );
}

async function ownTrust(io: Io, inside: PublicJwk): Promise<Trust> {
  try {
    const { recipients, trustedSigners } = await findPolicy(io.cwd, io.env);
    return await readTrust({ version: 1, inside, recipients, signers: trustedSigners }, "The policy file");
  } catch (error) {
    if (error instanceof PolicyError) throw new CliError(EXIT.usage, "POLICY", error.message, error);
    throw sealMistake(error);
  }
}
