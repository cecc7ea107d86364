import { readSecretFile } from "./secret-file.ts";
import { secretProblem } from "./source.ts";

/** Where Vault's token is: never in code. */
export type VaultToken = { readonly env: string } | { readonly file: string };

function placeOf(token: VaultToken): string {
  return "env" in token ? `the environment variable ${token.env}` : `the file ${token.file}`;
}

/**
 * The token, read each time: whoever renews it puts it into the same place.
 * @throws WeirError naming the place, when there is none or it holds what no token has. Never the token.
 */
export async function readToken(token: VaultToken): Promise<string> {
  const found =
    "env" in token ? process.env[token.env]?.trim() : await readSecretFile(token.file, "The token for Vault");
  if (found === undefined || found === "")
    throw secretProblem(
      `There is no token for Vault in ${placeOf(token)}. Put one there where the flow runs; an agent hands over the variables that its WEIR_AGENT_PASS_ENV lists.`,
    );
  // Header values can hold nothing else, and the error of whoever builds the header would quote the token.
  if (/^[\x21-\x7e]+$/.test(found)) return found;
  throw secretProblem(`What ${placeOf(token)} holds is no token for Vault: it has characters that no token has.`);
}
