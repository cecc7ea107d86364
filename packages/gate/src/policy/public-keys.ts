import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ownerProblem } from "./file-owner.ts";
import type { NamedKey } from "./policy.ts";
import type { Path } from "./yaml-source.ts";

/** An entry of a list of keys, as it stands in the file. */
export interface KeyEntry {
  readonly name: string;
  readonly jwk?: Jwk;
  readonly file?: string;
}
type Jwk = Readonly<Record<string, unknown>>;

/** Which keys a list takes. */
export interface KeyUse {
  readonly curves: readonly string[];
  /** For sentences. */
  readonly what: string;
}

export const SEALING: KeyUse = { curves: ["X25519", "P-256"], what: "what is sealed" };
export const SIGNING: KeyUse = { curves: ["Ed25519"], what: "signatures" };

const KIND: Readonly<Record<string, string>> = { X25519: "OKP", Ed25519: "OKP", "P-256": "EC" };
const NUMBER = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

type TellAt = (path: Path, message: string) => void;

/** The keys of a list that can be used; all that cannot are told. */
export function readKeys(
  entries: readonly KeyEntry[],
  use: KeyUse,
  at: Path,
  folder: string,
  tell: TellAt,
): NamedKey[] {
  const keys: NamedKey[] = [];
  for (const [index, entry] of entries.entries()) {
    const path = [...at, index];
    const read = readKey(entry, use, folder);
    if ("problem" in read) tell([...path, ...read.at], read.problem);
    else keys.push({ name: entry.name, jwk: read.jwk });
  }
  tellTwins(entries, keys, at, tell);
  return keys;
}

function tellTwins(entries: readonly KeyEntry[], keys: readonly NamedKey[], at: Path, tell: TellAt): void {
  const names = new Set<string>();
  for (const [index, { name }] of entries.entries()) {
    if (names.has(name)) tell([...at, index, "name"], `stands in the list twice: ${JSON.stringify(name)}`);
    names.add(name);
  }
  const owners = new Map<unknown, string>();
  for (const { name, jwk } of keys) {
    const owner = owners.get(jwk.x);
    if (owner !== undefined && owner !== name)
      tell(at, `has the same key for ${JSON.stringify(owner)} and ${JSON.stringify(name)}; list it once`);
    owners.set(jwk.x, name);
  }
}

type Read = { readonly jwk: Jwk } | { readonly at: Path; readonly problem: string };

function readKey({ jwk, file }: KeyEntry, use: KeyUse, folder: string): Read {
  if ((jwk === undefined) === (file === undefined))
    return { at: [], problem: 'must have either "jwk" or "file": the public key itself, or the file that holds it' };
  if (file !== undefined) return readFileKey(resolve(folder, file), use);
  const problem = keyProblem(jwk ?? {}, use);
  return problem === null ? { jwk: publicPart(jwk ?? {}) } : { at: ["jwk"], problem };
}

function readFileKey(file: string, use: KeyUse): Read {
  const wrong = (problem: string): Read => ({ at: ["file"], problem: `names ${file}, which ${problem}` });
  let value: unknown;
  try {
    const owner = ownerProblem(file);
    if (owner !== null) return wrong(owner);
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // What a parser says of a key file could hold a piece of the key.
    const { code } = error as NodeJS.ErrnoException;
    return wrong(code === undefined ? "is no JSON; a public key is one JSON object" : `cannot be read (${code})`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong("is no JSON object");
  const problem = keyProblem(value as Jwk, use);
  return problem === null ? { jwk: publicPart(value as Jwk) } : wrong(problem);
}

function keyProblem(jwk: Jwk, { curves, what }: KeyUse): string | null {
  const { kty, crv, x, y, d } = jwk;
  if (d !== undefined)
    return 'holds a PRIVATE key ("d"). Here the public half alone is listed; whoever could read the file has the private one now, so take it out of use';
  if (typeof crv !== "string" || !curves.includes(crv))
    return `is no key for ${what}: its curve ("crv") must be ${curves.join(" or ")}`;
  if (kty !== KIND[crv]) return `has "crv": "${crv}", and then "kty" must be "${KIND[crv]}"`;
  if (typeof x !== "string" || !NUMBER.test(x)) return 'has an "x" that is not 32 bytes in base64url';
  if (crv === "P-256" ? typeof y !== "string" || !NUMBER.test(y) : y !== undefined)
    return crv === "P-256" ? 'has no "y" of 32 bytes in base64url' : `has a "y", which no ${crv} key has`;
  try {
    createPublicKey({ key: publicPart(jwk), format: "jwk" });
    return null;
  } catch {
    return `is no ${crv} key: its numbers do not lie on the curve`;
  }
}

/** The key alone: what else stood beside it is not handed on. */
function publicPart({ kty, crv, x, y }: Jwk): Jwk {
  return { kty, crv, x, ...(y === undefined ? {} : { y }) };
}
