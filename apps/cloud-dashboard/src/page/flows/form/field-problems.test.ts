import type { Json } from "@weir/protocol";
import { expect, test } from "vitest";
import { makeChecker } from "./field-problems.ts";

const told = (schema: Json, value: Json) =>
  makeChecker(schema)
    .problemsOf(value)
    .map(({ path, message }) => `${path.join(".")}: ${message}`);

test("what does not fit is told at its field, once", () => {
  const schema = {
    type: "object",
    required: ["day", "top"],
    additionalProperties: false,
    properties: {
      day: { type: "string", format: "date" },
      top: { type: "integer", minimum: 1 },
      region: { enum: ["eu", "us"] },
      names: { type: "array", items: { type: "object", properties: { "a/b~c d": { type: "number" } } } },
    },
  };
  expect(told(schema, { day: "soon", region: "mars", names: [{ "a/b~c d": "x" }], more: 1 })).toEqual([
    "top: is missing",
    "day: is no date",
    'region: must be one of "eu","us"',
    "names.0.a/b~c d: must be number",
    "more: is not a parameter of this flow",
  ]);
  expect(told(schema, { day: "2026-01-31", top: 1 })).toEqual([]);
});

test("of a value that may have several forms it is told that none fits, not why each does not", () => {
  const schema = { properties: { at: { anyOf: [{ type: "string" }, { type: "null" }] } } };
  expect(told(schema, { at: 5 })).toEqual(["at: fits none of the forms that it may have"]);
});

test("a list of choices without end makes no message without end", () => {
  const schema = { properties: { one: { enum: Array.from({ length: 50_000 }, (_, index) => index) } } };
  expect(told(schema, { one: -1 })[0]?.length).toBeLessThan(250);
});

test("a schema that refers to itself checks what ends, and throws where it never does", () => {
  const tree = {
    $ref: "#/$defs/tree",
    $defs: { tree: { properties: { left: { $ref: "#/$defs/tree" }, n: { type: "number" } } } },
  };
  expect(told(tree, { left: { left: { n: "x" } } })).toEqual(["left.left.n: must be number"]);
  expect(() => told({ $ref: "#" }, {})).toThrow(RangeError);
  expect(() => told({ $ref: "#/$defs/nowhere" }, {})).toThrow(/Unresolved/);
});

test("a part of a schema refers to the whole, and what cannot be checked does not fit", () => {
  const schema = { $defs: { day: { type: "string", minLength: 10 } }, properties: {} };
  const { fits } = makeChecker(schema);
  expect(fits({ $ref: "#/$defs/day" }, "2026-01-31")).toBe(true);
  expect(fits({ $ref: "#/$defs/day" }, "soon")).toBe(false);
  expect(fits({ $ref: "#/$defs/none" }, "soon")).toBe(false);
  expect(fits({ $ref: "#/of-the-form" }, "soon")).toBe(false);
  expect(fits({ type: "string" }, undefined)).toBe(false);
  // The same part again: what was noted for the first is not in its way.
  expect(fits({ $ref: "#/$defs/day" }, "2026-01-31")).toBe(true);
});

test("a schema that was checked is as it was", () => {
  const schema = { properties: { a: { $ref: "#" } } };
  makeChecker(schema).problemsOf({ a: {} });
  expect(Reflect.ownKeys(schema.properties.a)).toEqual(["$ref"]);
});
