import { base64url } from "jose";
import { canonicalJson } from "../json.ts";
import { isSealedJson } from "../sealed.ts";

/** SHA-256 of a JSON value in canonical form, base64url. Equal values have equal digests, whatever the order of their keys. */
export async function jsonDigest(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(value));
  return base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/**
 * Parameters as they are signed. `each`: a digest per name, so that what a starter gave and what the flow gives by default can be told
 * apart after the cloud has merged them. `whole`: of all that cannot be merged, because it is sealed or has too many names.
 */
export type ParameterDigests = { readonly whole: string } | { readonly each: Readonly<Record<string, string>> };

/** With 43 characters for each digest, more of them than this would come near the longest signature that crosses. */
const NAMES_MOST = 300;

/** Digests of parameters in the form in which they cross. */
export async function parameterDigests(wire: unknown): Promise<ParameterDigests> {
  const names = isPlainObject(wire) ? Object.keys(wire) : [];
  if (!isPlainObject(wire) || names.length > NAMES_MOST) return { whole: await jsonDigest(wire) };
  const pairs = names.map(async (name) => [name, await jsonDigest(wire[name])] as const);
  return { each: Object.fromEntries(await Promise.all(pairs)) };
}

/** A JSON object that is not sealed as a whole. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSealedJson(value);
}

/**
 * Whether parameters that came from the cloud are what was signed: those that were given, and for every other name the default. What is
 * signed as a whole takes no defaults, and gives none but as a whole.
 */
export async function areSigned(
  claimed: unknown,
  given: ParameterDigests | undefined,
  defaults: ParameterDigests | undefined,
): Promise<boolean> {
  if (given !== undefined && "whole" in given) return (await jsonDigest(claimed)) === given.whole;
  const own = given?.each ?? {};
  const hasOwn = Object.keys(own).length > 0;
  // No input at all: the code's own defaults hold, and the code is signed.
  if (!hasOwn && isPlainObject(claimed) && Object.keys(claimed).length === 0) return true;
  if (defaults !== undefined && "whole" in defaults && !hasOwn) return (await jsonDigest(claimed)) === defaults.whole;
  const byDefault = defaults !== undefined && "each" in defaults ? defaults.each : {};
  return isPlainObject(claimed) && (await sameDigests(claimed, { ...byDefault, ...own }));
}

async function sameDigests(
  claimed: Readonly<Record<string, unknown>>,
  signed: Readonly<Record<string, string>>,
): Promise<boolean> {
  const names = Object.keys(claimed);
  if (names.length !== Object.keys(signed).length) return false;
  const same = await Promise.all(names.map(async (name) => signed[name] === (await jsonDigest(claimed[name]))));
  return same.every(Boolean);
}
