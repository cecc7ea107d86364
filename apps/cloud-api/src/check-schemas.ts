import { Refusal } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";

/** Has the routes of an app hold what they are sent against their TypeBox schemas. What does not fit is refused with a sentence. */
export function checkSchemas(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema, httpPart }) => checker(schema as TSchema, httpPart ?? "body"));
}

function checker(schema: TSchema, part: string) {
  const validator = Compile(schema);
  return (value: unknown) => {
    if (validator.Check(value)) return { value };
    const [error] = validator.Errors(value);
    const where =
      error === undefined || error.instancePath === ""
        ? `the ${part}`
        : error.instancePath.slice(1).replaceAll("/", ".");
    return {
      error: new Refusal("INVALID", `The request does not fit its schema: ${where} ${error?.message ?? "is wrong"}.`),
    };
  };
}
