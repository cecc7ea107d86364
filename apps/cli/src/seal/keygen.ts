import { userInfo } from "node:os";
import { resolve } from "node:path";
import {
  type Curve,
  generateSealKey,
  type PrivateJwk,
  type PublicJwk,
  protectKeys,
  publicHalf,
  recipientLines,
} from "@weir/protocol/seal";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { publicFileOf, readKeyFile, readPassphrase, writeKeyPair } from "./key-files.ts";
import { sealMistake } from "./seal-mistake.ts";

interface Options {
  readonly inside?: boolean;
  readonly curve: "x25519" | "p-256";
  readonly out?: string;
  readonly name?: string;
  readonly passphraseFile?: string;
  readonly withOld?: string;
  readonly json?: boolean;
}

const CURVE = { x25519: "X25519", "p-256": "P-256" } as const satisfies Record<Options["curve"], Curve>;

/** `weir seal keygen` */
export async function keygen(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  if (options.inside && options.passphraseFile !== undefined)
    throw new CliError(
      EXIT.usage,
      "INVALID",
      "Agents open what is sealed with the inside key, and nobody can ask them for a passphrase. Leave out --passphrase-file, and keep the file with the agents' other secrets.",
    );
  const file = resolve(io.cwd, options.out ?? (options.inside ? "weir-inside-key.json" : "weir-seal-key.json"));
  const keys = await makeKeys(io, options).catch((error: unknown) => {
    throw sealMistake(error);
  });
  const [newest] = keys;
  const half = publicHalf(newest);
  await writeKeyPair(file, await contentOf(io, keys, options), half);
  const name = options.name ?? (options.inside ? "inside" : userInfo().username);
  if (options.json)
    printDocument(io, {
      file,
      publicFile: publicFileOf(file),
      name,
      kid: half.kid,
      jwk: half,
      kids: keys.map(({ kid }) => kid),
    });
  else tell(io, { file, name, half, old: keys.length - 1 }, options);
  return EXIT.ok;
}

type Keys = readonly [PrivateJwk, ...(readonly PrivateJwk[])];

async function makeKeys(io: Io, { curve, withOld }: Options): Promise<Keys> {
  const old = withOld === undefined ? [] : await readKeyFile(io, resolve(io.cwd, withOld), "--with-old");
  return [await generateSealKey(CURVE[curve]), ...old];
}

/** What is in the file: one key as it is, several as a set, and either behind a passphrase. */
async function contentOf(io: Io, keys: Keys, { passphraseFile }: Options): Promise<object> {
  if (passphraseFile === undefined) return keys.length === 1 ? keys[0] : { keys };
  try {
    return await protectKeys(keys, readPassphrase(resolve(io.cwd, passphraseFile), "--passphrase-file"));
  } catch (error) {
    throw sealMistake(error);
  }
}

interface Made {
  readonly file: string;
  readonly name: string;
  readonly half: PublicJwk;
  readonly old: number;
}

function tell(io: Io, { file, name, half, old }: Made, options: Options): void {
  for (const text of options.inside ? [JSON.stringify(half)] : recipientLines(name, half)) line(io, text);
  const hint = (text: string) => io.err(`${io.paint.dim(text)}\n`);
  hint(
    `The private key ${half.kid} is in ${file}. Nobody but you may read it; keep it out of the repository, and keep a copy:`,
  );
  hint("without it, nobody opens what was sealed for it alone.");
  if (old > 0) hint(`Behind it stand ${old} older: what was sealed for them stays readable.`);
  if (options.inside) {
    hint("Give this file to every agent (WEIR_AGENT_SEAL_KEY_FILE), and its public half to whoever starts runs:");
    hint(`weir trust export --inside ${publicFileOf(file)}`);
  } else {
    hint(
      "What is printed above goes into weir.boundary.yaml. To open what is sealed: WEIR_SEAL_KEY_FILE=… weir runs show ID",
    );
  }
}
