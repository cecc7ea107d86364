import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findPolicyFile } from "@weir/gate";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";

const TRUST_FILE = "weir.trust.json";

/**
 * Path of the trust file that holds: that of WEIR_TRUST_FILE, else the one beside the policy file, else the nearest weir.trust.json of this
 * folder and those above it. Null: there is none.
 * @throws CliError for one that was found and belongs to another user; PolicyError likewise
 */
export function trustPath({ env, cwd }: Pick<Io, "env" | "cwd">): string | null {
  if (env.WEIR_TRUST_FILE) return resolve(cwd, env.WEIR_TRUST_FILE);
  const policy = findPolicyFile(cwd, env);
  const beside = policy === null ? null : join(dirname(policy), TRUST_FILE);
  if (beside !== null && isThere(beside)) return owned(beside);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, TRUST_FILE);
    if (isThere(path)) return owned(path);
    if (dirname(folder) === folder) return null;
  }
}

/** Where a trust file is kept that is imported: in the place of the one that holds, else in this folder. */
export function trustTarget(where: Pick<Io, "env" | "cwd">): string {
  return trustPath(where) ?? resolve(where.cwd, TRUST_FILE);
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

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
