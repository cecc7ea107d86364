import { dereference, type OutputUnit, type Schema, validate } from "@cfworker/json-schema";
import type { Json } from "@weir/protocol";
import { boundedPatterns } from "./bounded-patterns.ts";

/** What is wrong with one field. */
export interface FieldProblem {
  /** Names and indexes from the whole down to the field; none: it is about the whole. */
  readonly path: readonly string[];
  /** Without the field's name: "is missing". */
  readonly message: string;
}

/** A schema with what it may refer to, ready to check many values. */
export interface Checker {
  readonly problemsOf: (value: Json) => FieldProblem[];
  /** Whether a value fits a part of the schema. References in it are those of the whole. */
  readonly fits: (part: unknown, value: unknown) => boolean;
}

const DRAFT = "2020-12";
const MOST_PROBLEMS = 50;
const MOST_LETTERS = 200;

/** @throws whatever a schema that cannot be applied leads to: references to nowhere, one address for two parts, patterns of names that could take long */
export function makeChecker(schema: Json): Checker {
  // The library notes addresses in what it is given: it is a copy.
  const whole = boundedPatterns(schema) as Schema;
  const known = dereference(whole);
  return {
    problemsOf: (value) => {
      const { errors } = validate(value, whole, DRAFT, known, false);
      return problemsOf(errors);
    },
    fits: (part, value) => {
      if (value === undefined) return false;
      const lookup = Object.create(known) as typeof known;
      try {
        const own = boundedPatterns(part as Json) as Schema;
        return validate(value, own, DRAFT, dereference(own, lookup, undefined, "/of-the-form"), true).valid;
      } catch {
        return false;
      }
    },
  };
}

/** What only says that something below it is wrong. */
const WRAPPERS: ReadonlySet<string> = new Set([
  "$ref",
  "$recursiveRef",
  "additionalItems",
  "additionalProperties",
  "allOf",
  "dependencies",
  "dependentSchemas",
  "else",
  "if",
  "items",
  "patternProperties",
  "prefixItems",
  "properties",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
]);
/** What is wrong in each of their branches tells less than that none fits. */
const UNIONS: ReadonlySet<string> = new Set(["anyOf", "oneOf", "not"]);

function problemsOf(errors: readonly OutputUnit[]): FieldProblem[] {
  const unions = errors.filter(({ keyword }) => UNIONS.has(keyword)).map((unit) => `${unit.keywordLocation}/`);
  const told = new Map<string, FieldProblem>();
  for (const unit of errors) {
    if (WRAPPERS.has(unit.keyword) || unions.some((union) => unit.keywordLocation.startsWith(union))) continue;
    const problem = problemOf(unit);
    told.set(JSON.stringify(problem), problem);
    if (told.size === MOST_PROBLEMS) break;
  }
  return [...told.values()];
}

function problemOf({ keyword, instanceLocation, error }: OutputUnit): FieldProblem {
  const path = instanceLocation.split("/").slice(1).map(unescaped);
  if (keyword === "required") {
    const name = /required property "(.*)"\.$/s.exec(error)?.[1];
    if (name !== undefined) return { path: [...path, name], message: "is missing" };
  }
  return { path, message: cut(MESSAGES.get(keyword)?.(error) ?? error) };
}

const unescaped = (part: string) => decoded(part).replaceAll("~1", "/").replaceAll("~0", "~");

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Sentences that tell more to a person than the library's. */
const MESSAGES: ReadonlyMap<string, (error: string) => string> = new Map<string, (error: string) => string>([
  ["false", () => "is not a parameter of this flow"],
  [
    "type",
    (error) => `must be ${/Expected "(.*)"\.$/s.exec(error)?.[1]?.replaceAll('", "', " or ") ?? "of another type"}`,
  ],
  ["enum", (error) => `must be one of ${/any of \[(.*)\]\.$/s.exec(error)?.[1] ?? "its choices"}`],
  ["const", (error) => `must be ${/match (.*)\.$/s.exec(error)?.[1] ?? "as the schema says"}`],
  ["pattern", () => "does not match its pattern"],
  ["format", (error) => `is no ${/format "(.*)"\.$/s.exec(error)?.[1] ?? "text of its format"}`],
  ["anyOf", () => "fits none of the forms that it may have"],
  ["oneOf", () => "fits none, or more than one, of the forms that it may have"],
  ["not", () => "is what it must not be"],
]);

const cut = (text: string) => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)} …` : text);
