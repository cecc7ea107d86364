import type { Json } from "@weir/protocol";

/**
 * Whether every reference of a schema leads, over whatever other ones, to a part of the same schema that is none. One that leads in a circle, or out of
 * the schema, has no field.
 */
export function referencesEnd(schema: Json): boolean {
  const open: Json[] = [schema];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== "object" || next === null) continue;
    if (!ends(schema, next)) return false;
    for (const inner of Object.values(next) as readonly Json[]) open.push(inner);
  }
  return true;
}

function ends(schema: Json, from: Json): boolean {
  const seen = new Set<string>();
  let part: Json | undefined = from;
  for (;;) {
    const reference = referenceOf(part);
    if (reference === null) return part !== undefined;
    if (seen.has(reference)) return false;
    seen.add(reference);
    part = partAt(schema, reference);
  }
}

function referenceOf(part: Json | undefined): string | null {
  if (typeof part !== "object" || part === null || !Object.hasOwn(part, "$ref")) return null;
  const { $ref } = part as { readonly $ref?: Json };
  return typeof $ref === "string" ? $ref : null;
}

/** What a JSON pointer behind a `#` leads to; undefined: nothing. */
function partAt(schema: Json, reference: string): Json | undefined {
  if (reference === "#") return schema;
  if (!reference.startsWith("#/")) return undefined;
  let part: Json | undefined = schema;
  for (const step of reference.slice(2).split("/")) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof part !== "object" || part === null || !Object.hasOwn(part, name)) return undefined;
    part = (part as Readonly<Record<string, Json>>)[name];
  }
  return part;
}
