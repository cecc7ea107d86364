// Not by the package's front: that leads to its tests too, and to a validator that makes code at run time.
import Form from "@rjsf/core/lib/components/Form.js";
import { useMemo } from "react";
import type { Checker, FieldProblem } from "./field-problems.ts";
import type { JsonObject } from "./form-schema.ts";
import { errorSchemaOf, formValidator } from "./form-validator.ts";
import { TEMPLATES } from "./templates.tsx";
import { WIDGETS } from "./widgets.tsx";

interface SchemaFormProps {
  readonly schema: JsonObject;
  readonly checker: Checker;
  readonly values: JsonObject;
  readonly change: (values: JsonObject) => void;
  readonly problems: readonly FieldProblem[];
}

const UI = { "ui:submitButtonOptions": { norender: true } } as const;
const DEFAULTS = { emptyObjectFields: "skipEmptyDefaults", constAsDefaults: "never" } as const;

/** Fields for each parameter, made from the flow's schema. */
export function SchemaForm({ schema, checker, values, change, problems }: SchemaFormProps) {
  const validator = useMemo(() => formValidator(checker), [checker]);
  const errors = useMemo(() => errorSchemaOf(problems), [problems]);
  return (
    <Form
      tagName="div"
      idPrefix="parameter"
      schema={schema}
      validator={validator}
      formData={values}
      extraErrors={errors}
      extraErrorsBlockSubmit={false}
      noValidate
      showErrorList={false}
      templates={TEMPLATES}
      widgets={WIDGETS}
      uiSchema={UI}
      experimental_defaultFormStateBehavior={DEFAULTS}
      onChange={({ formData }) => change((formData ?? {}) as JsonObject)}
    />
  );
}
