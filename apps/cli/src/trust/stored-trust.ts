import { readFileSync } from "node:fs";
import { type PublicJwk, readPublicJwk, readTrust, type Trust } from "@weir/protocol/seal";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { sealMistake } from "../seal/seal-mistake.ts";
import { trustPath } from "./trust-path.ts";

type Where = Pick<Io, "env" | "cwd">;

/** A trust file, read and checked. */
export interface StoredTrust {
  readonly path: string;
  readonly trust: Trust;
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
    throw new CliError(EXIT.usage, "TRUST_FILE", `${path} is no JSON. \`weir trust export\` writes a trust file.`);
  }
}
