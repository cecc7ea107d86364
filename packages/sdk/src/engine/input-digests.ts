import { hash } from "node:crypto";
import type { NamedDigest } from "@weir/protocol";
import { LIMITS } from "@weir/protocol/limits";
import { encodeJson } from "@weir/results";

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** The same value whatever the order in which its fields were set. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => ordered(element));
  if (!isPlain(value)) return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, ordered(value[name])]));
}

/** @throws StoreError for what cannot be written, a function say. */
function digest(value: unknown): string {
  return hash("sha256", encodeJson(ordered(value)));
}

/** Half for inputs, half for parameters; the digest of all of them together counts in any case. */
const MOST_EACH = LIMITS.digests / 2 - 1;

/**
 * Digests of what a result is made of: `inputs` and `0`, `1`, …; `parameters` and `parameter:day`, …. Plain ones: the gate keys them before
 * anything leaves, so that nobody can guess small values by trying.
 * @throws StoreError for an input that no serializer knows.
 */
export function inputDigests(
  wanted: { readonly inputs: boolean; readonly parameters: boolean },
  inputs: readonly unknown[],
  parameters: Readonly<Record<string, unknown>>,
): NamedDigest[] {
  const digests: NamedDigest[] = [];
  if (wanted.inputs) {
    digests.push({ name: "inputs", value: digest(inputs) });
    for (const [index, input] of inputs.slice(0, MOST_EACH).entries())
      digests.push({ name: String(index), value: digest(input) });
  }
  if (wanted.parameters) {
    digests.push({ name: "parameters", value: digest(parameters) });
    for (const [name, value] of Object.entries(parameters).slice(0, MOST_EACH))
      digests.push({ name: `parameter:${name}`.slice(0, LIMITS.nameLength), value: digest(value) });
  }
  return digests;
}

/** Whether two lists agree in the digest of that name; false where one lacks it. */
export function agreeIn(name: string, some: readonly NamedDigest[], others: readonly NamedDigest[]): boolean {
  const value = some.find((one) => one.name === name)?.value;
  return value !== undefined && others.some((other) => other.name === name && other.value === value);
}
