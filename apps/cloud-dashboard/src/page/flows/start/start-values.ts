import type { Json } from "@weir/protocol";
import { canonicalJson, jsonProblem } from "@weir/protocol/json";
import { LIMITS } from "@weir/protocol/limits";
import { isSealedJson } from "@weir/protocol/sealed-form";
import { isJsonObject, type JsonObject } from "../form/form-schema.ts";

/** What is known of a flow's defaults, as the cloud tells it. */
export interface Defaults {
  /** Of the version that runs. */
  readonly version: Json | null;
  /** Of the flow's settings: they go before those of the version. */
  readonly settings: Json | null;
}

/**
 * What is filled in where nothing is given. Settings are joined by the cloud, so they are not for parameters that it may not read; a signed version
 * runs with its own alone.
 */
export function defaultsInForce({ version, settings }: Defaults, isCloudJoining: boolean): JsonObject {
  return { ...plainObject(version), ...(isCloudJoining ? plainObject(settings) : {}) };
}

const plainObject = (value: Json | null): JsonObject =>
  isJsonObject(value ?? {}) && !isSealedJson(value) ? Object(value) : {};

/**
 * What a form begins with: an earlier run's parameters, else the defaults. A truth value that has to be there, and for which there is none, is false:
 * a box that is not ticked shows it.
 */
export function startValues(schema: JsonObject | null, defaults: JsonObject, earlier: Json | null): JsonObject {
  const own = { ...defaults, ...(earlier === null ? {} : plainObject(earlier)) };
  return { ...missingTruths(schema, own), ...own };
}

function missingTruths(schema: JsonObject | null, own: JsonObject): JsonObject {
  const { required, properties } = schema ?? {};
  const names = Array.isArray(required) ? (required as readonly Json[]) : [];
  const missing = names.filter((name): name is string => {
    if (typeof name !== "string" || Object.hasOwn(own, name) || !isJsonObject(properties)) return false;
    return Object.hasOwn(properties, name) && Object(properties[name]).type === "boolean";
  });
  return Object.fromEntries(missing.map((name) => [name, false]));
}

/**
 * What of the values a person gave: those that are not the default. The others are filled in by the cloud or, where it may not read them, by the
 * flow; no value that a cloud tells is sealed in the person's name.
 */
export function givenValues(values: JsonObject, defaults: JsonObject): JsonObject {
  const given = Object.entries(values).filter(
    ([name, value]) => !Object.hasOwn(defaults, name) || canonicalJson(defaults[name]) !== canonicalJson(value),
  );
  return Object.fromEntries(given);
}

/**
 * Parameters that a person typed as text.
 * @throws Error a sentence that says what is wrong with it
 */
export function typedParameters(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text.trim() === "" ? "{}" : text) as Json;
  } catch (error) {
    throw new Error(`The parameters are no JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (!isJsonObject(value)) throw new Error('The parameters must be a JSON object, for example { "top": 5 }.');
  return value;
}

/** Why parameters cannot be sent, whatever the schema says of them; null: they can. */
export function unsendable(values: JsonObject): string | null {
  if (isSealedJson(values))
    return 'The parameters are a sealed value already ("$sealed"). Give them in plain: this page seals them.';
  const problem = jsonProblem(values, "the parameters");
  if (problem !== null) return `The parameters cannot be sent: ${problem}.`;
  const bytes = new TextEncoder().encode(JSON.stringify(values)).length;
  if (bytes <= LIMITS.parametersBytes) return null;
  return `The parameters have ${bytes} bytes as JSON; the most is ${LIMITS.parametersBytes}. Put the data into your own storage and pass where it lies.`;
}
