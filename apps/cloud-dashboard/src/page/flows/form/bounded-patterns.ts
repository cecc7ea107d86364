import { LIMITS } from "@weir/protocol/limits";
import type { Json } from "@weir/protocol";
import { isJsonObject, type JsonObject } from "./form-schema.ts";
import { stepsOf } from "./pattern-work.ts";

/** All letters that parameters may have then take a second or two at worst, in however many texts they stand. */
const STEPS_PER_LETTER = 2_048;

/** The longest text that may stand in parameters. */
const ANY = LIMITS.parametersBytes;
const LENGTHS = [1, 8, 16, 32, 64, 128, 256, 1_024, 4_096, 16_384, ANY];

/** Keywords whose values are data, whatever they look like. */
const DATA: ReadonlySet<string> = new Set(["enum", "const", "default"]);
/** Keywords with schemas by name. */
const MAPS: ReadonlySet<string> = new Set([
  "$defs",
  "definitions",
  "properties",
  "patternProperties",
  "dependentSchemas",
]);

/**
 * A copy of a schema whose patterns hold nobody up: a pattern counts for texts that it is quick on, however it may backtrack. Such a schema takes
 * all that the schema takes, and more: the rest is checked by the cloud, and ended there when it takes too long.
 * @throws Error for patterns of names that could take long: whether a name fits decides what else is wrong, so they cannot be left out
 */
export function boundedPatterns(schema: Json): Json {
  let isSlow = false;
  const copy = changed(schema, (part) => {
    isSlow ||= typeof part["pattern"] === "string" && longestText(part["pattern"]) < ANY;
    return part;
  });
  return isSlow ? changed(schema, (part) => withBound(withoutExclusions(part))) : copy;
}

/** A copy of a schema with each schema in it changed, the inner ones first. */
function changed(schema: Json, change: (part: JsonObject) => JsonObject): Json {
  if (Array.isArray(schema)) return (schema as readonly Json[]).map((part) => changed(part, change));
  if (!isJsonObject(schema)) return schema;
  const all = (of: JsonObject, one: (key: string, value: Json) => Json): JsonObject =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, one(key, value)]));
  return change(
    all(schema, (key, value) => {
      if (DATA.has(key)) return value;
      if (!MAPS.has(key) || !isJsonObject(value)) return changed(value, change);
      if (key === "patternProperties") Object.keys(value).forEach(checkNames);
      return all(value, (_name, inner) => changed(inner, change));
    }),
  );
}

function checkNames(pattern: string): void {
  if (longestText(pattern) < ANY) throw new Error(`The pattern of names ${JSON.stringify(pattern)} could take long.`);
}

/** Where a part takes more than it says, nothing may be wrong because it took something. */
function withoutExclusions(part: JsonObject): JsonObject {
  const {
    not: _not,
    maxContains: _most,
    oneOf,
    if: condition,
    then: whenTrue = true,
    else: whenFalse = true,
    ...rest
  } = part;
  const forms = oneOf === undefined ? [] : [{ anyOf: oneOf }];
  return withAll(rest, condition === undefined ? forms : [...forms, { anyOf: [whenTrue, whenFalse] }]);
}

function withBound(part: JsonObject): JsonObject {
  const { pattern, ...rest } = part;
  if (typeof pattern !== "string") return part;
  const longest = longestText(pattern);
  if (longest === ANY) return part;
  return longest === 0 ? rest : withAll(rest, [{ if: { minLength: longest + 1 }, else: { pattern } }]);
}

function withAll(part: JsonObject, more: readonly Json[]): JsonObject {
  const { allOf = [] } = part;
  return more.length === 0 || !Array.isArray(allOf) ? part : { ...part, allOf: [...(allOf as Json[]), ...more] };
}

/** Letters of the longest text that a pattern is quick on; 0: none, or it is no pattern. */
function longestText(pattern: string): number {
  if (!isPattern(pattern)) return 0;
  const slow = LENGTHS.findIndex((length) => stepsOf(pattern, length) > STEPS_PER_LETTER * length);
  return slow === -1 ? ANY : (LENGTHS[slow - 1] ?? 0);
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").unicode;
  } catch {
    return false;
  }
}
