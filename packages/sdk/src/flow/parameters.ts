import type { StandardSchemaV1 } from "@standard-schema/spec";
import { WeirError } from "../errors.ts";
import { jsonSchemaOf } from "./parameter-schema.ts";

type Checked = { readonly value: unknown } | { readonly error: WeirError };

function pathOf(issue: StandardSchemaV1.Issue): string {
  const keys = (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
  return keys
    .map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? String(key) : `.${String(key)}`))
    .join("");
}

function sentence(issue: StandardSchemaV1.Issue): string {
  const path = pathOf(issue);
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

function invalid(flow: string, sentences: readonly string[]): { error: WeirError } {
  const list = sentences.map((text) => `\n  ${text}`).join("");
  return {
    error: new WeirError("PARAMETERS_INVALID", `The parameters do not fit the flow ${JSON.stringify(flow)}:${list}`),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Names that were handed in and that the schema dropped: mistyped, most likely. */
function unknownNames(schema: StandardSchemaV1, given: unknown, taken: unknown): string[] {
  if (!isObject(given) || !isObject(taken)) return [];
  const dropped = Object.keys(given).filter((name) => !Object.hasOwn(taken, name));
  if (dropped.length === 0) return [];
  const described = jsonSchemaOf(schema);
  if (described?.["additionalProperties"] !== false) return [];
  const names = Object.keys(described["properties"] as object);
  const unknown = dropped.filter((name) => !names.includes(name));
  return unknown.map((name) => `${name}: there is no such parameter; there are ${names.join(", ")}`);
}

/**
 * Checks a run's parameters by the flow's schema: the value that the flow gets, or an error with a sentence per field. A flow without
 * a schema takes what comes.
 */
export async function checkParameters(
  flow: string,
  schema: StandardSchemaV1 | undefined,
  given: unknown,
): Promise<Checked> {
  if (schema === undefined) return { value: given };
  const parameters = given ?? {};
  const result = await schema["~standard"].validate(parameters);
  if (result.issues !== undefined)
    return invalid(
      flow,
      result.issues.map((issue) => sentence(issue)),
    );
  const unknown = unknownNames(schema, parameters, result.value);
  return unknown.length === 0 ? { value: result.value } : invalid(flow, unknown);
}

/** Parameters as `run.parameters` shows them. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
