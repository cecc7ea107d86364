import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";

type JsonSchema = Record<string, unknown>;

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function offersJsonSchema(schema: StandardSchemaV1): schema is StandardSchemaV1 & StandardJSONSchemaV1 {
  return "jsonSchema" in schema["~standard"];
}

/** Keywords by which a schema may allow properties besides those that it lists. */
const OPEN = ["additionalProperties", "patternProperties", "unevaluatedProperties", "allOf", "anyOf", "oneOf", "$ref"];

/** A list of properties is the whole list unless the schema says otherwise: a mistyped name is to be told, not ignored. */
function closed(schema: JsonSchema): JsonSchema {
  if (!isObject(schema["properties"]) || OPEN.some((keyword) => keyword in schema)) return schema;
  return { ...schema, additionalProperties: false };
}

/** JSON Schema of what may be handed in, or undefined where the schema library cannot say it (Standard JSON Schema). */
export function jsonSchemaOf(schema: StandardSchemaV1): JsonSchema | undefined {
  if (!offersJsonSchema(schema)) return undefined;
  try {
    return closed(schema["~standard"].jsonSchema.input({ target: "draft-2020-12" }));
  } catch {
    // A part of it has no JSON form, a date say: parameters are then checked on this side only.
    return undefined;
  }
}

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((inner: unknown) => withoutDefaults(inner));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "default");
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === "properties" ? properties(inner) : withoutDefaults(inner)]),
  );
}

/** The keys of `properties` are the user's: a parameter may be called `default`. */
function properties(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutDefaults(inner)]));
}

/** A parameter schema and the default values, apart: values are of a data class of their own. */
export interface DescribedParameters {
  readonly parameterSchema?: JsonSchema;
  readonly parameterDefaults?: JsonSchema;
}

/** What a registration tells about a flow's parameters. Falsy defaults are defaults too. */
export function describeParameters(schema: StandardSchemaV1 | undefined): DescribedParameters {
  const full = schema === undefined ? undefined : jsonSchemaOf(schema);
  if (full === undefined) return {};
  const declared = isObject(full["properties"]) ? Object.entries(full["properties"]) : [];
  const defaults = declared.flatMap(([name, inner]) =>
    isObject(inner) && "default" in inner ? [[name, inner["default"]]] : [],
  );
  const parameterSchema = withoutDefaults(full) as JsonSchema;
  return defaults.length === 0
    ? { parameterSchema }
    : { parameterSchema, parameterDefaults: Object.fromEntries(defaults) as JsonSchema };
}
