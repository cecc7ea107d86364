import type { Json } from "@weir/protocol";
import { isSealedJson } from "@weir/protocol/sealed-form";
import { type Checker, makeChecker } from "../form/field-problems.ts";
import { formSchema, isJsonObject, type JsonObject } from "../form/form-schema.ts";

/** What a version says of its parameters, ready for a form. */
export interface FormFacts {
  /** Null: there is no form, only the editor; `why` says why. */
  readonly schema: JsonObject | null;
  readonly why: string | null;
  /** Null: nothing can be checked here; whoever gets them checks. */
  readonly checker: Checker | null;
}

/** @param defaults of the version, as the cloud tells them: what seems missing may stand in some that are sealed */
export function formFacts(parameterSchema: Json | null, defaults: Json | null): FormFacts {
  const found = formSchema(parameterSchema);
  const schema = isJsonObject(parameterSchema ?? undefined) ? (parameterSchema as JsonObject) : null;
  if (schema === null) return { schema: null, why: "why" in found ? found.why : null, checker: null };
  const { required: _required, ...rest } = schema;
  const whole = isSealedJson(defaults) ? rest : schema;
  try {
    const checker = makeChecker(whole);
    checker.problemsOf({});
    return "why" in found ? { schema: null, why: found.why, checker } : { schema: whole, why: null, checker };
  } catch {
    return {
      schema: null,
      why: "The parameter schema refers to itself without end, or to nowhere, or has patterns of names that could take long, so there is no form.",
      checker: null,
    };
  }
}
