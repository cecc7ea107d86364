import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { readPolicy } from "../find-policy.ts";
import type { Policy } from "../policy.ts";
import { PolicyError } from "../policy-error.ts";

/** A folder of its own for a test. */
export function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "weir policy "));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a policy file of this text. */
export function policyFile(text: string | Uint8Array, folder = folderOfTest()): string {
  const path = join(folder, "weir.boundary.yaml");
  writeFileSync(path, text);
  return path;
}

/** The policy of this text. @throws PolicyError */
export async function policyOf(text: string, folder?: string): Promise<Policy> {
  return await readPolicy(policyFile(text, folder));
}

/** What is wrong with a text, as `line:column: sentence`. Empty: nothing. */
export async function problemsOf(text: string, folder?: string): Promise<string[]> {
  try {
    await policyOf(text, folder);
    return [];
  } catch (error) {
    if (error instanceof PolicyError)
      return error.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
    throw error;
  }
}

/** Public keys that anybody may know: their other halves were thrown away. */
export const X25519_KEY = { kty: "OKP", crv: "X25519", x: "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo" };
export const ED25519_KEY = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
export const P256_KEY = {
  kty: "EC",
  crv: "P-256",
  x: "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
  y: "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
};
