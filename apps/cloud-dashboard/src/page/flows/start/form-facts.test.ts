import type { Json } from "@weir/protocol";
import { expect, test } from "vitest";
import { formFacts } from "./form-facts.ts";

test("what seems missing may stand in sealed defaults", () => {
  const schema = { required: ["day"], properties: { day: { type: "string" } } };
  expect(formFacts(schema, null).checker?.problemsOf({})).toHaveLength(1);
  expect(formFacts(schema, { $sealed: "x" }).checker?.problemsOf({})).toEqual([]);
});

test.each<[string, Json]>([
  ["itself", { $ref: "#", properties: { a: {} } }],
  ["nowhere", { properties: { a: {} }, allOf: [{ $ref: "#/$defs/gone" }] }],
  ["one address twice", { properties: { a: { $id: "https://x.example/a" }, b: { $id: "https://x.example/a" } } }],
])("a schema that refers to %s makes no form, and does not break the page", (_what, schema) => {
  expect(formFacts(schema, null)).toEqual({
    schema: null,
    checker: null,
    why: expect.stringMatching(/no form/) as string,
  });
});

test("what makes no form is checked all the same", () => {
  const facts = formFacts({ type: "object", additionalProperties: { type: "number" } }, null);
  expect(facts.schema).toBeNull();
  expect(facts.checker?.problemsOf({ a: "x" })).toEqual([{ path: ["a"], message: "must be number" }]);
  expect(formFacts(null, null)).toEqual({
    schema: null,
    checker: null,
    why: "The flow declares no parameters, so there is no form.",
  });
});
