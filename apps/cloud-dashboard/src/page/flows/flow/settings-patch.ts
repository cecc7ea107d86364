import type { Json } from "@weir/protocol";
import { jsonProblem } from "@weir/protocol/json";

/** What people say about a flow beside its code; null: as the version, or the cloud, has it. */
export interface Settings {
  readonly description: string | null;
  readonly labels: readonly string[] | null;
  readonly maxRecoveries: number | null;
  readonly recoveryBackoffSeconds: number | null;
  readonly parameterDefaults: Json | null;
}

/** The same as texts of a form; empty: null. */
export type TypedSettings = { readonly [K in keyof Settings]: string };

export const NO_SETTINGS: Settings = {
  description: null,
  labels: null,
  maxRecoveries: null,
  recoveryBackoffSeconds: null,
  parameterDefaults: null,
};

/**
 * What of the settings a person has changed: what is absent stays as it is, also where somebody else changes it at the same time.
 * @throws Error a text is none of what the field takes
 */
export function settingsPatch(before: Settings, typed: TypedSettings): Partial<Settings> {
  const after: Settings = {
    description: typed.description || null,
    labels: listOf(typed.labels),
    maxRecoveries: numberOf("Takeovers", typed.maxRecoveries),
    recoveryBackoffSeconds: numberOf("The wait", typed.recoveryBackoffSeconds),
    parameterDefaults: objectOf(typed.parameterDefaults),
  };
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Settings]),
  );
  return Object.fromEntries(changed);
}

function listOf(text: string): string[] | null {
  const labels = text.split(",").map((label) => label.trim());
  return text === "" ? null : [...new Set(labels.filter((label) => label !== ""))];
}

function numberOf(what: string, text: string): number | null {
  if (text === "") return null;
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new Error(`${what}: ${JSON.stringify(text)} is no number from 0.`);
}

function objectOf(text: string): Json | null {
  if (text === "") return null;
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error('The default parameters are no JSON object. Write them like {"top": 5}, or leave the field empty.');
  const problem = jsonProblem(value, "The default parameters");
  if (problem !== null) throw new Error(`${problem}.`);
  return value;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Error(`The default parameters are no JSON: ${error instanceof Error ? error.message : ""}`, {
      cause: error,
    });
  }
}
