import { findPolicy, type Policy, PolicyError } from "@weir/gate";
import type { DataClass } from "@weir/protocol";
import { type PublicJwk, readPublicJwk } from "@weir/protocol/seal";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { pad } from "../terminal/width.ts";
import { findTrust } from "../trust/stored-trust.ts";
import { ownKeys } from "./key-files.ts";
import { sealMistake } from "./seal-mistake.ts";

/** Somebody who can open what is sealed. */
interface Reader {
  readonly name: string;
  readonly kid: string;
  readonly curve: string;
  readonly mine: boolean;
}

const CLASSES = [
  "parameter",
  "log",
  "exception",
  "location",
  "run-name",
  "artifact",
  "config",
] as const satisfies DataClass[];

/** `weir seal recipients` */
export async function recipients(io: Io, _args: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const { policy, readers, mine } = await known(io).catch((error: unknown) => {
    if (error instanceof PolicyError) throw new CliError(EXIT.usage, "POLICY", error.message, error);
    throw sealMistake(error);
  });
  const classes = CLASSES.filter((dataClass) => policy.actionFor(dataClass, {}) === "seal");
  if (options.json) printDocument(io, { policy: policy.source, classes, recipients: readers, mine });
  else for (const text of lines(io, { policy, readers, mine, classes })) line(io, text);
  return EXIT.ok;
}

interface Known {
  readonly policy: Policy;
  readonly readers: readonly Reader[];
  /** Ids of the private keys at hand. */
  readonly mine: readonly string[];
}

async function known(io: Io): Promise<Known> {
  const policy = await findPolicy(io.cwd, io.env);
  const mine = (await ownKeys(io)).map(({ kid }) => kid);
  const inside = await insideKey(io);
  const reader = (name: string, { kid, crv }: PublicJwk): Reader => ({
    name,
    kid,
    curve: crv,
    mine: mine.includes(kid),
  });
  const listed = await Promise.all(
    policy.recipients.map(async ({ name, jwk }) => reader(name, await readPublicJwk(jwk, `The key of ${name}`))),
  );
  return { policy, mine, readers: [...(inside === null ? [] : [reader("inside (all agents)", inside)]), ...listed] };
}

/** That of the agents' own file comes first: a trust file may be of before a rotation. */
async function insideKey(io: Io): Promise<PublicJwk | null> {
  const file = io.env.WEIR_AGENT_SEAL_KEY_FILE;
  if (file) return (await ownKeys({ cwd: io.cwd, env: { WEIR_AGENT_SEAL_KEY_FILE: file } }))[0] ?? null;
  return (await findTrust(io))?.trust.inside ?? null;
}

function lines(io: Io, { policy, readers, mine, classes }: Known & { readonly classes: readonly string[] }): string[] {
  const { paint } = io;
  const what = classes.length === 0 ? "nothing, unless an override or a flow says so" : classes.join(", ");
  const rows = readers.map(
    ({ name, kid, curve, mine: own }) =>
      `  ${pad(cleanLine(name), 22)} ${kid}  ${pad(curve, 6)}${own ? `  ${paint.green("yours")}` : ""}`,
  );
  const isReader = readers.some((reader) => reader.mine);
  return [
    `Sealed by ${policy.source ?? "the defaults (there is no policy file)"}: ${what}`,
    ...(rows.length === 0 ? ["Nobody is named who could open it."] : ["Who can open it:", ...rows]),
    ...(readers.some(({ name }) => name.startsWith("inside")) ? [] : [paint.yellow(NO_INSIDE)]),
    ...(mine.length > 0 && !isReader ? [paint.yellow(`Your key ${mine.join(", ")} is none of them.`)] : []),
    ...(mine.length === 0 ? [paint.dim("No key of yours is at hand; name it with WEIR_SEAL_KEY_FILE.")] : []),
  ];
}

const NO_INSIDE =
  "No inside key is known here, so nothing can be sealed: import a trust file (weir trust import FILE), or set WEIR_AGENT_SEAL_KEY_FILE.";
