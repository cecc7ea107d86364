import { expect, test } from "vitest";
import { makeChecker } from "./field-problems.ts";
import { errorSchemaOf, formValidator } from "./form-validator.ts";

test("problems stand at their fields, and those of the whole at the top", () => {
  const problems = [
    { path: ["a", "0", "b.c"], message: "is missing" },
    { path: ["a", "0", "b.c"], message: "must be number" },
    { path: [], message: "is no object" },
  ];
  expect(errorSchemaOf(problems)).toEqual({
    __errors: ["is no object"],
    a: { 0: { "b.c": { __errors: ["is missing", "must be number"] } } },
  });
});

test("names of every object's own members reach no prototype", () => {
  errorSchemaOf([{ path: ["constructor", "prototype", "polluted"], message: "x" }]);
  errorSchemaOf([{ path: ["__proto__", "polluted"], message: "x" }]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("the form library is told which form a value has, and what is wrong with it", () => {
  const schema = { $defs: { n: { type: "number" } }, properties: { n: { $ref: "#/$defs/n" } } };
  const validator = formValidator(makeChecker(schema));
  expect(validator.isValid({ $ref: "#/$defs/n" }, 5, schema as never)).toBe(true);
  expect(validator.isValid({ $ref: "#/$defs/n" }, "5", schema as never)).toBe(false);
  expect(validator.validateFormData({ n: "x" }, schema as never)).toEqual({
    errors: [{ property: ".n", message: "must be number", stack: "n must be number" }],
    errorSchema: { n: { __errors: ["must be number"] } },
  });
});
