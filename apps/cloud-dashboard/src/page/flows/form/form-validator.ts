import type { ErrorSchema, RJSFSchema, ValidatorType } from "@rjsf/utils";
import { ErrorSchemaBuilder } from "@rjsf/utils";
import type { Checker, FieldProblem } from "./field-problems.ts";

/** What the form library asks of a validator: which of several forms a value has. It makes no code at run time, which the page's policy forbids. */
export function formValidator({ fits, problemsOf }: Checker): ValidatorType {
  const check = (value: unknown) => problemsOf((value ?? {}) as Parameters<typeof problemsOf>[0]);
  return {
    isValid: (schema, value) => fits(schema, value),
    validateFormData: (value: unknown) => {
      const problems = check(value);
      return { errors: problems.map(libraryError), errorSchema: errorSchemaOf(problems) };
    },
    rawValidation: <Result>(_schema: RJSFSchema, value?: unknown) => ({ errors: check(value) as Result[] }),
  };
}

function libraryError({ path, message }: FieldProblem) {
  const property = path.map((part) => `.${part}`).join("");
  return { property, message, stack: `${path.join(".")} ${message}` };
}

/** Problems as the form library shows them: each at its field. */
export function errorSchemaOf(problems: readonly FieldProblem[]): ErrorSchema<unknown> {
  const builder = new ErrorSchemaBuilder<unknown>();
  for (const { path, message } of problems) builder.addErrors(message, [...path]);
  return builder.ErrorSchema;
}
