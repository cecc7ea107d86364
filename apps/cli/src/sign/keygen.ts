import { writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { keyIdOf, makeSigningKey, publicHalf, type SigningJwk } from "@weir/protocol/signing";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";

interface Options {
  readonly out: string;
  readonly name?: string;
  readonly json?: boolean;
}

/** `weir sign keygen` */
export async function keygen(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const file = resolve(io.cwd, options.out);
  const name = options.name ?? userInfo().username;
  const key = await makeSigningKey();
  await writeKey(file, key);
  const jwk = publicHalf(key);
  const kid = await keyIdOf(key);
  if (options.json) {
    printDocument(io, { file, name, kid, jwk });
    return EXIT.ok;
  }
  for (const text of policyLines(name, jwk)) line(io, text);
  io.err(
    `${io.paint.dim(`The private key ${kid} is in ${file}. Nobody but you may read it; keep it out of the repository.`)}\n`,
  );
  io.err(
    `${io.paint.dim("What is printed above goes into weir.boundary.yaml of your agents. Then: WEIR_SIGN_KEY_FILE=… weir register FILE --sign")}\n`,
  );
  return EXIT.ok;
}

/** `wx`: whoever held the key that is there would no longer be able to sign, or take it out of use. */
async function writeKey(file: string, key: SigningJwk): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(key)}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "EEXIST"
        ? "is there already, and a key is never overwritten. Give another name with --out"
        : `cannot be written (${code ?? "unknown reason"}). Make its folder, or give another place with --out`;
    throw new CliError(EXIT.usage, "KEY_FILE", `The key was not made: ${file} ${why}.`, error);
  }
}

/** YAML reads JSON texts as they are, so a name that holds a colon needs no care. */
function policyLines(name: string, { kty, crv, x }: SigningJwk): string[] {
  return [
    "sign:",
    "  trustedSigners:",
    `    - name: ${JSON.stringify(name)}`,
    `      jwk: { kty: ${kty}, crv: ${crv}, x: ${JSON.stringify(x)} }`,
  ];
}
