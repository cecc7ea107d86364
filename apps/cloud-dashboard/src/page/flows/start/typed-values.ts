import type { JsonObject } from "../form/form-schema.ts";
import { typedParameters } from "./start-values.ts";

/** What was typed: in fields, or as text. */
export type Typed =
  | { readonly as: "fields"; readonly values: JsonObject }
  | { readonly as: "json"; readonly text: string };

/** @throws Error a text that is no JSON object */
export const typedValues = (typed: Typed): JsonObject =>
  typed.as === "json" ? typedParameters(typed.text) : typed.values;

/** The same values, to be typed in another way. */
export const typedAs = (as: Typed["as"], values: JsonObject): Typed =>
  as === "json" ? { as, text: JSON.stringify(values, null, 2) } : { as, values };
