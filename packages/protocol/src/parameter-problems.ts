import { Errors } from "typebox/schema";

type JsonObject = Readonly<Record<string, unknown>>;

const MOST_SENTENCES = 20;

/**
 * A sentence for each field of some parameters that does not fit the flow's JSON Schema; none when all fit. Takes as long as the schema makes
 * it: whoever checks a stranger's schema bounds the time.
 * @throws whatever a schema that refers to itself, or whose pattern is wrong, leads to
 */
export function parameterProblems(schema: JsonObject, parameters: JsonObject): string[] {
  const [fits, errors] = Errors(schema as Parameters<typeof Errors>[0], parameters);
  if (fits) return [];
  const sentences = new Set(errors.flatMap(sentencesOf));
  // A field that may not be there at all is told by the keyword that is left out below.
  if (sentences.size === 0) sentences.add("They hold a field that the flow's schema excludes.");
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
  const words = params as { requiredProperties?: string[]; additionalProperties?: string[]; allowedValues?: unknown[] };
  if (keyword === "required") return (words.requiredProperties ?? []).map((name) => `${inside(name)} is missing.`);
  if (keyword === "additionalProperties")
    return (words.additionalProperties ?? []).map((name) => `${inside(name)} is not a parameter of this flow.`);
  // Comes beside additionalProperties, for the same field.
  if (keyword === "boolean") return [];
  if (keyword === "enum")
    return [`${JSON.stringify(path)} must be one of ${JSON.stringify(words.allowedValues ?? []).slice(1, -1)}.`];
  return [`${path === "" ? "The object" : JSON.stringify(path)} ${message}.`];
}
