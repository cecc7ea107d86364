import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type PublicJwk, readPublicJwk, readTrust, type Trust, TRUST_FILE } from "@weir/protocol/seal";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { sealMistake } from "../seal/seal-mistake.ts";

type Where = Pick<Io, "env" | "cwd">;

/** A trust file, read and checked. */
export interface StoredTrust {
  readonly path: string;
  readonly trust: Trust;
}

/** Path of the trust file that holds: that of WEIR_TRUST_FILE, else the nearest weir.trust.json of this folder and those above it. */
export function trustPath({ env, cwd }: Where): string | null {
  if (env.WEIR_TRUST_FILE) return resolve(cwd, env.WEIR_TRUST_FILE);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, TRUST_FILE);
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) return owned(path);
    if (dirname(folder) === folder) return null;
  }
}

/**
 * The trust file that holds here; null where there is none.
 * @throws CliError when it cannot be used
 */
export async function findTrust(where: Where): Promise<StoredTrust | null> {
  const path = trustPath(where);
  return path === null ? null : { path, trust: await readTrustFile(path) };
}

/** @throws CliError when the file is no trust file */
export async function readTrustFile(path: string): Promise<Trust> {
  try {
    return await readTrust(readJson(path), path);
  } catch (error) {
    throw sealMistake(error);
  }
}

/** The public half of the inside key in a file that holds either half, or a rotated set. @throws CliError */
export async function readInsideHalf(file: string): Promise<PublicJwk> {
  const { keys } = Object(readJson(file)) as { keys?: readonly unknown[] };
  const newest = Object(keys === undefined ? readJson(file) : keys[0]) as Readonly<Record<string, unknown>>;
  // The private half may stand in the file: it is left there.
  const { d: _private, ...half } = newest;
  try {
    return await readPublicJwk(half, file);
  } catch (error) {
    throw sealMistake(error);
  }
}

/** As for a keys.json: what somebody else left in /tmp would have parameters sealed for a key of theirs. */
function owned(path: string): string {
  const me = process.getuid?.();
  const { uid } = statSync(path);
  if (me === undefined || uid === me || uid === 0) return path;
  throw new CliError(
    EXIT.usage,
    "TRUST_FILE",
    `${path} belongs to another user, so it is not used. Take it away, or name the file that is meant by WEIR_TRUST_FILE.`,
  );
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(EXIT.usage, "TRUST_FILE", `${path} cannot be read (${code ?? "unknown reason"}).`, error);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CliError(EXIT.usage, "TRUST_FILE", `${path} is no JSON.`);
  }
}
