import { resolve } from "node:path";
import { fingerprints } from "@weir/protocol/seal";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, printDocument } from "../io.ts";
import { readTrustFile } from "./stored-trust.ts";
import { trustTarget } from "./trust-path.ts";
import { tellKeys, writeTrust } from "./write-trust.ts";

interface Options {
  readonly replace?: boolean;
  readonly json?: boolean;
}

/** `weir trust import FILE` */
export async function importTrust(io: Io, [given = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const trust = await readTrustFile(resolve(io.cwd, given));
  const file = trustTarget(io);
  const changes = await writeTrust(io, file, trust, options.replace === true);
  const { inside, recipients, signers } = trust;
  if (options.json) printDocument(io, { file, inside, recipients, signers, changes });
  else {
    tellKeys(io, await fingerprints(trust));
    io.err(`${io.paint.dim(`Kept in ${file}. Compare the lines above with whoever sent it to you.`)}\n`);
  }
  return EXIT.ok;
}
