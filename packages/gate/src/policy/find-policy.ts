import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ownerProblem } from "./file-owner.ts";
import { DEFAULT_POLICY, type Policy } from "./policy.ts";
import { PolicyError } from "./policy-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The name under which a policy file is looked for. */
export const POLICY_FILE = "weir.boundary.yaml";

/**
 * Reads a policy file. What YAML needs is loaded only now: who has no such file does not pay for it.
 * @throws PolicyError with all that is wrong, each with line and column
 */
export async function readPolicy(path: string): Promise<Policy> {
  const { readPolicyFile } = await import("./policy-file.ts");
  return await readPolicyFile(path);
}

/**
 * Path of the policy file that holds: that of WEIR_BOUNDARY_FILE, else the nearest `weir.boundary.yaml` of a folder and those above it. Null:
 * there is none. A file that WEIR_BOUNDARY_FILE names may be anybody's: whoever set the variable has said so.
 * @throws PolicyError for one that was found and belongs to another user
 */
export function findPolicyFile(cwd: string, env: Environment): string | null {
  if (env.WEIR_BOUNDARY_FILE) return resolve(cwd, env.WEIR_BOUNDARY_FILE);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, POLICY_FILE);
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) return trusted(path);
    if (dirname(folder) === folder) return null;
  }
}

function trusted(path: string): string {
  const problem = ownerProblem(path);
  if (problem === null) return path;
  const advice = `Take it away, or name the file that is meant by WEIR_BOUNDARY_FILE.`;
  throw new PolicyError(path, `The boundary policy ${path} ${problem}. ${advice}`);
}

/**
 * The policy that holds in a folder; where there is no file, the defaults.
 * @throws PolicyError
 */
export async function findPolicy(cwd: string, env: Environment): Promise<Policy> {
  const path = findPolicyFile(cwd, env);
  return path === null ? DEFAULT_POLICY : await readPolicy(path);
}
