import { rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { KeyFileError, readSecretFile } from "@weir/gate";
import {
  isProtected,
  openProtectedKeys,
  type PrivateJwk,
  type PublicJwk,
  readPrivateKeys,
  SealError,
} from "@weir/protocol/seal";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";

type Where = Pick<Io, "env" | "cwd">;

/** Where a reader's private key is, and in which file its passphrase stands. */
export const KEY_VARIABLE = "WEIR_SEAL_KEY_FILE";
export const PASSPHRASE_VARIABLE = "WEIR_SEAL_PASSPHRASE_FILE";
const INSIDE_VARIABLE = "WEIR_AGENT_SEAL_KEY_FILE";

/**
 * The private keys of whoever is at this terminal: those of WEIR_SEAL_KEY_FILE, and those of WEIR_AGENT_SEAL_KEY_FILE where an agent's
 * settings are at hand. None when neither is set.
 * @throws KeyFileError, SealError
 */
export async function ownKeys(where: Where): Promise<readonly PrivateJwk[]> {
  const keys: PrivateJwk[] = [];
  for (const variable of [KEY_VARIABLE, INSIDE_VARIABLE]) {
    const file = where.env[variable];
    if (file) keys.push(...(await readKeyFile(where, resolve(where.cwd, file), variable)));
  }
  return keys;
}

/**
 * Private keys of a file, the newest first; one that a passphrase protects is opened with that of WEIR_SEAL_PASSPHRASE_FILE.
 * @param variable who named the file, for sentences
 * @throws KeyFileError, SealError
 */
export async function readKeyFile(where: Where, file: string, variable: string): Promise<readonly PrivateJwk[]> {
  const value = parsed(readSecretFile(file, variable), file, variable);
  if (!isProtected(value)) return await readPrivateKeys(value, file);
  const phrase = where.env[PASSPHRASE_VARIABLE];
  if (!phrase)
    throw new SealError(
      "PASSPHRASE_WRONG",
      `${file} is protected by a passphrase. Put it into a file that only you may read, and set ${PASSPHRASE_VARIABLE} to that file.`,
    );
  return await openProtectedKeys(value, readPassphrase(resolve(where.cwd, phrase), PASSPHRASE_VARIABLE), file);
}

/** The passphrase in a file; the end of its line is no part of it. @throws KeyFileError */
export function readPassphrase(file: string, variable: string): string {
  return readSecretFile(file, variable).replace(/\r?\n$/, "");
}

function parsed(text: string, file: string, variable: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message would quote the file.
    throw new KeyFileError(
      `${variable} names ${file}, which is no JSON. \`weir seal keygen\` makes a file that can be used.`,
    );
  }
}

/** The file of the public half beside that of the private one. @example publicFileOf("ada.json") // "ada.pub.json" */
export function publicFileOf(file: string): string {
  return `${file.replace(/\.json$/, "")}.pub.json`;
}

/**
 * Writes a private key for its owner's eyes alone, and its public half beside it. What is there already is never overwritten: somebody
 * may need it to open what was sealed.
 * @throws CliError
 */
export async function writeKeyPair(file: string, content: object, half: PublicJwk): Promise<void> {
  await writeNew(file, content, 0o600);
  try {
    await writeNew(publicFileOf(file), half, 0o644);
  } catch (error) {
    await rm(file);
    throw error;
  }
}

async function writeNew(file: string, content: object, mode: number): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { flag: "wx", mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "EEXIST"
        ? "is there already, and is never overwritten: it may be the only key to what was sealed. Give another name with --out"
        : `cannot be written (${code ?? "unknown reason"}). Make its folder, or give another place with --out`;
    throw new CliError(EXIT.usage, "KEY_FILE", `The key was not made: ${file} ${why}.`, error);
  }
}
