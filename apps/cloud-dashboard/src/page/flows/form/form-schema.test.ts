import type { Json } from "@weir/protocol";
import { expect, test } from "vitest";
import { formSchema } from "./form-schema.ts";

const properties = { day: { type: "string" } };

test("a schema that names its parameters makes a form", () => {
  const schema = { type: "object", properties };
  expect(formSchema(schema)).toEqual({ schema });
});

test("a list of choices may be long, since it is one field", () => {
  const choices = Array.from({ length: 50_000 }, (_, index) => `choice ${index}`);
  expect(formSchema({ properties: { one: { enum: choices } } })).toHaveProperty("schema");
});

const deep = (levels: number): Json => (levels === 0 ? {} : { properties: { a: deep(levels - 1) } });

test.each<[string, Json, RegExp]>([
  ["none", null, /declares no parameters/],
  ["true", true, /no JSON object/],
  ["a list", [properties], /no JSON object/],
  ["no names", { type: "object" }, /one by one/],
  ["names that are none", { properties: "day" }, /one by one/],
  ["nothing at all", { properties: {} }, /takes no parameters/],
  ["a prototype", JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as Json, /"__proto__"/],
  ["a constructor", { properties: { a: { properties: { constructor: {} } } } }, /"constructor"/],
  ["a circle", { properties: { a: { $ref: "#/properties/a" } } }, /in a circle/],
  ["a well", deep(40), /deeper than 32/],
  [
    "a flood",
    { properties: Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`p${index}`, {}])) },
    /too many parts/,
  ],
])("%s makes no form, and says why", (_what, schema, why) => {
  expect(formSchema(schema)).toEqual({ why: expect.stringMatching(why) as string });
});
