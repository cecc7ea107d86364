import { jsonProblem } from "@weir/protocol/json";
import type { Json } from "@weir/protocol";
import { referencesEnd } from "./schema-references.ts";

export type JsonObject = Readonly<Record<string, Json>>;

/** More fields make no form that a person fills in, and hold the page. */
const MOST_PARTS = 3_000;
const MOST_DEPTH = 32;

/**
 * Whether a form can be made of a parameter schema. Schemas come from whoever registers flows, and through the cloud: what is not understood, too
 * large, or meant to break a page is left to the JSON editor.
 * @returns the schema, or a sentence that says why there is no form
 */
export function formSchema(schema: Json | null): { readonly schema: JsonObject } | { readonly why: string } {
  if (schema === null) return { why: "The flow declares no parameters, so there is no form." };
  if (!isJsonObject(schema)) return { why: "The parameter schema is no JSON object, so there is no form." };
  const problem = jsonProblem(schema, "the parameter schema", MOST_DEPTH);
  if (problem !== null) return { why: `There is no form: ${problem}.` };
  if (partsOf(schema) > MOST_PARTS) return { why: "The parameter schema has too many parts for a form." };
  if (!referencesEnd(schema))
    return { why: "The parameter schema refers in a circle, or to what it does not hold, so there is no form." };
  if (!isJsonObject(schema["properties"] ?? null))
    return { why: "The parameter schema names no parameters one by one, so there is no form." };
  if (Object.keys(schema["properties"] as JsonObject).length === 0) return { why: "The flow takes no parameters." };
  return { schema };
}

/** How many values a JSON value consists of; entries of `enum` count as one, since they become one list. */
function partsOf(value: Json): number {
  const open: Json[] = [value];
  let count = 0;
  for (let next = open.pop(); next !== undefined && count <= MOST_PARTS; next = open.pop()) {
    count += 1;
    if (Array.isArray(next)) open.push(...(next as readonly Json[]).slice(0, MOST_PARTS));
    else if (isJsonObject(next))
      for (const [name, inner] of Object.entries(next))
        open.push(name === "enum" && Array.isArray(inner) ? null : inner);
  }
  return count;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
