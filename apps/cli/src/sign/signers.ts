import { ownPolicy } from "../connection/own-boundary.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { pad } from "../terminal/width.ts";
import type { SignOptions } from "./commands.ts";
import { type ListedSigner, listedSigners, ownSigner } from "./own-signer.ts";

/** `weir sign signers` */
export async function signers(
  io: Io,
  _args: readonly string[],
  options: Pick<SignOptions, "signKey"> & { readonly json?: boolean },
): Promise<ExitCode> {
  const policy = await ownPolicy(io);
  const mine = (await ownSigner(io, options))?.kid ?? null;
  const listed = await listedSigners(policy, mine);
  const revoked = policy.revokedSigners.filter((kid) => !listed.some((one) => one.kid === kid));
  if (options.json) {
    printDocument(io, { policy: policy.source, signers: listed, revoked: [...policy.revokedSigners], mine });
    return EXIT.ok;
  }
  if (listed.length === 0) line(io, nobody(policy.source));
  for (const one of listed) line(io, `${pad(cleanLine(one.name), 24)} ${one.kid}${notes(io, one)}`);
  for (const kid of revoked)
    line(io, `${pad(io.paint.dim("(no longer listed)"), 24)} ${kid}  ${io.paint.red("revoked")}`);
  if (mine !== null && !listed.some((one) => one.mine))
    line(io, io.paint.yellow(`Your key ${mine} is not among them: what you sign is refused.`));
  return EXIT.ok;
}

function nobody(source: string | null): string {
  const where = source === null ? "There is no policy file" : `${source} lists no trustedSigners`;
  return `${where}, so agents run whatever the cloud hands them. Begin with: weir sign keygen`;
}

function notes(io: Io, { revoked, mine }: ListedSigner): string {
  const words = [...(revoked ? [io.paint.red("revoked")] : []), ...(mine ? [io.paint.green("yours")] : [])];
  return words.length === 0 ? "" : `  ${words.join(" · ")}`;
}
