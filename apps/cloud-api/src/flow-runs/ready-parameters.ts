import { cleanText, jsonProblem, LIMITS, Refusal } from "@weir/protocol";
import { Errors } from "typebox/schema";

/** What a flow version says about its parameters. */
export interface ParameterRules {
  readonly parameterSchema: unknown;
  readonly parameterDefaults: unknown;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Fills in the defaults (falsy ones too) and checks what results against the flow's JSON Schema.
 * @throws Refusal PARAMETERS_INVALID or TOO_LARGE, with a sentence per field
 */
export function readyParameters(flow: string, given: unknown, rules: ParameterRules): JsonObject {
  const own = given ?? {};
  const refuse = (why: string) =>
    new Refusal("PARAMETERS_INVALID", `The parameters of flow ${JSON.stringify(flow)} ${why}`);
  if (!isObject(own)) throw refuse(`must be a JSON object, for example {"top": 5}; they are ${kindOf(own)}.`);
  const problem = jsonProblem(own, "the object");
  if (problem !== null) throw refuse(`cannot be used: ${problem}.`);
  const filled = { ...(isObject(rules.parameterDefaults) ? rules.parameterDefaults : {}), ...own };
  checkText(JSON.stringify(filled), refuse);
  const wrong = isObject(rules.parameterSchema) ? fieldProblems(rules.parameterSchema, filled) : [];
  if (wrong.length > 0) throw refuse(`do not fit: ${wrong.join(" ")}`);
  return filled;
}

function checkText(text: string, refuse: (why: string) => Refusal): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > LIMITS.parametersBytes) {
    throw new Refusal(
      "TOO_LARGE",
      `${refuse("").message}have ${bytes} bytes as JSON; the most is ${LIMITS.parametersBytes}. Put the data into your own storage and pass where it lies.`,
    );
  }
  // Postgres' jsonb refuses both, and JSON.stringify writes both as escapes.
  if (/\\u0000|\\ud[89ab]/i.test(text) && cleanText(unescaped(text)) !== unescaped(text)) {
    throw refuse("hold a character that cannot be stored (NUL, or half of a surrogate pair).");
  }
}

/** The values and keys of a JSON text in one string, escapes resolved. */
function unescaped(text: string): string {
  const parts: string[] = [];
  JSON.parse(text, (key, value: unknown) => {
    parts.push(key);
    if (typeof value === "string") parts.push(value);
    return value;
  });
  return parts.join(" ");
}

/** Schema words that run a regular expression of the user's in the cloud: left to the user's side, which checks again. */
const LEFT_OUT: ReadonlySet<string> = new Set(["pattern", "patternProperties", "format", "$schema", "default"]);
const MOST_SENTENCES = 20;

/** A sentence per field that does not fit. */
function fieldProblems(schema: JsonObject, value: JsonObject): string[] {
  const [fits, errors] = Errors(withoutPatterns(schema) as Parameters<typeof Errors>[0], value);
  if (fits) return [];
  const sentences = new Set<string>();
  for (const error of errors) for (const sentence of sentencesOf(error)) sentences.add(sentence);
  return [...sentences].slice(0, MOST_SENTENCES);
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: unknown;
  readonly message: string;
}

function sentencesOf({ keyword, instancePath, params, message }: SchemaError): string[] {
  const path = instancePath.slice(1).replaceAll("/", ".");
  const inside = (name: string) => JSON.stringify(path === "" ? name : `${path}.${name}`);
  const words = params as { requiredProperties?: string[]; additionalProperties?: string[] };
  if (keyword === "required") return (words.requiredProperties ?? []).map((name) => `${inside(name)} is missing.`);
  if (keyword === "additionalProperties") {
    return (words.additionalProperties ?? []).map((name) => `${inside(name)} is not a parameter of this flow.`);
  }
  // Comes beside additionalProperties, for the same field.
  if (keyword === "boolean") return [];
  return [`${path === "" ? "The object" : JSON.stringify(path)} ${message}.`];
}

/** A user's regular expression may take exponential time, and the cloud's event loop belongs to everybody. */
function withoutPatterns(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutPatterns);
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([word, inner]) => {
      if (LEFT_OUT.has(word)) return [];
      // Below these words stand names of the user's, which may be called "pattern" themselves.
      if (NAMED.has(word) && isObject(inner)) return [[word, mapValues(inner, withoutPatterns)]];
      return [[word, LITERAL.has(word) ? inner : withoutPatterns(inner)]];
    }),
  );
}

const NAMED: ReadonlySet<string> = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);
const LITERAL: ReadonlySet<string> = new Set(["enum", "const", "required", "examples"]);

const mapValues = (object: JsonObject, fn: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, fn(value)]));

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
