import { compactVerify, CompactSign, decodeProtectedHeader, importJWK } from "jose";
import { canonicalJson } from "../json.ts";
import { keyIdOf, publicHalf, type SigningJwk, signingKeyProblem } from "./keys.ts";
import type { FlowStatement, ParametersStatement, Statement } from "./statements.ts";

/** The `typ` of a signature: one kind of statement can never be taken for another, nor for a token. */
export const SIGNATURE_TYPES = { flow: "weir-flow+jws", parameters: "weir-parameters+jws" } as const;

const ALGORITHM = "EdDSA";

/** A public key whose signatures are taken, under the name that the policy file gives it. */
export interface TrustedSigner {
  readonly name: string;
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** Whose signatures are taken, and whose no more. */
export interface Trust {
  readonly signers: readonly TrustedSigner[];
  /** Key ids. Stronger than the list of signers. */
  readonly revoked: readonly string[];
}

/** Signs a statement. Gives a compact JWS, which is the same for the same statement and key. */
export async function signStatement(statement: Statement, key: SigningJwk): Promise<string> {
  const header = { alg: ALGORITHM, typ: SIGNATURE_TYPES[statement.kind], kid: await keyIdOf(key) };
  const text = new TextEncoder().encode(canonicalJson(statement));
  return new CompactSign(text).setProtectedHeader(header).sign(await importJWK({ ...key }, ALGORITHM));
}

/** A statement with the name of who signed it, or why it is not taken: the end of a sentence that begins with what was signed. */
export type Opened<S extends Statement> =
  | { readonly statement: S; readonly signer: string }
  | { readonly problem: string };

interface Statements {
  readonly flow: FlowStatement;
  readonly parameters: ParametersStatement;
}

/** Checks a signature and reads what it states. Takes the key from `trust` alone, whatever the signature says of itself. */
export async function openStatement<K extends keyof Statements>(
  kind: K,
  signature: string,
  trust: Trust,
): Promise<Opened<Statements[K]>> {
  const kid = keyIdIn(signature, SIGNATURE_TYPES[kind]);
  if (kid === null) return { problem: "carries something that is no signature of its kind" };
  const signer = await signerOf(kid, trust);
  const shown = signer === null ? `the key ${kid}` : `the key ${kid} (${signer.name})`;
  if (trust.revoked.includes(kid)) return { problem: `is signed by ${shown}, which the boundary policy has revoked` };
  if (signer === null) return { problem: `is signed by ${shown}, which the boundary policy does not trust` };
  try {
    const key = await importJWK({ ...publicHalf(signer.jwk) }, ALGORITHM);
    const { payload } = await compactVerify(signature, key, { algorithms: [ALGORITHM] });
    const statement = JSON.parse(new TextDecoder().decode(payload)) as Statements[K];
    if (statement.v === 1 && statement.kind === kind) return { statement, signer: signer.name };
    return {
      problem: `is signed by ${shown} in a form that this agent does not know; it may be older than the signer`,
    };
  } catch {
    return { problem: `carries a signature in the name of ${shown} that is not that key's` };
  }
}

function keyIdIn(signature: string, type: string): string | null {
  try {
    const { alg, typ, kid } = decodeProtectedHeader(signature);
    return alg === ALGORITHM && typ === type && typeof kid === "string" ? kid : null;
  } catch {
    return null;
  }
}

/** Found by the thumbprint of each key, never by what its entry says. */
async function signerOf(kid: string, { signers }: Trust): Promise<{ name: string; jwk: SigningJwk } | null> {
  for (const { name, jwk } of signers) {
    if (signingKeyProblem(jwk, "public") !== null) continue;
    const key = jwk as unknown as SigningJwk;
    if ((await keyIdOf(key)) === kid) return { name, jwk: key };
  }
  return null;
}
