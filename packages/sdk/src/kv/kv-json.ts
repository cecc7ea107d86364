import type { Json } from "@weir/protocol";
import { kvProblem } from "@weir/protocol/kv-problem";

function named(value: unknown): string | null {
  if (value instanceof Map || value instanceof Set) return value instanceof Map ? "a Map" : "a Set";
  if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : null;
}

/** As `JSON.stringify` has it, but what that would lose without a word is told. */
function plain(key: string, value: unknown): unknown {
  const text = JSON.stringify(value, (_name, inner: unknown) => {
    const lost = named(inner);
    if (lost === null) return inner;
    throw new TypeError(
      `The value of the key ${JSON.stringify(key)} cannot be kept: it holds ${lost}, which JSON cannot carry.`,
    );
  }) as string | undefined;
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

/** A value as it will be read again. @throws TypeError for what is no JSON, RangeError for what is too large. */
export function kvJson(key: string, value: unknown): Json {
  const json = plain(key, value);
  const problem = kvProblem(key, json);
  if (problem === null) return json as Json;
  throw problem.code === "TOO_LARGE" ? new RangeError(problem.message) : new TypeError(problem.message);
}
