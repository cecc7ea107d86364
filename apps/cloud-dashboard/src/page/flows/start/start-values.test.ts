import type { Json } from "@weir/protocol";
import { expect, test } from "vitest";
import { defaultsInForce, givenValues, startValues, typedParameters, unsendable } from "./start-values.ts";

test("settings go before the version, but only where the cloud joins them", () => {
  const defaults = { version: { top: 5, day: "a" }, settings: { top: 7 } };
  expect(defaultsInForce(defaults, true)).toEqual({ top: 7, day: "a" });
  expect(defaultsInForce(defaults, false)).toEqual({ top: 5, day: "a" });
  expect(defaultsInForce({ version: { $sealed: "x" }, settings: null }, true)).toEqual({});
  expect(defaultsInForce({ version: [1], settings: "x" }, true)).toEqual({});
});

test("an earlier run's parameters go before defaults, and a truth value that must be there is false", () => {
  const schema = {
    required: ["dry", "top", "constructor", 5],
    properties: { dry: { type: "boolean" }, top: { type: "number" }, loud: { type: "boolean" } },
  };
  expect(startValues(schema, { top: 5 }, { top: 0 })).toEqual({ dry: false, top: 0 });
  expect(startValues(schema, { dry: true }, null)).toEqual({ dry: true });
  expect(startValues(null, { top: 5 }, { $sealed: "x" })).toEqual({ top: 5 });
});

test("only what is not the default is given, falsy values too", () => {
  const defaults = { top: 5, list: [1, { a: 1, b: 2 }], flag: true };
  expect(givenValues({ top: 5, list: [1, { b: 2, a: 1 }], flag: false, more: null }, defaults)).toEqual({
    flag: false,
    more: null,
  });
  expect(givenValues({ toString: "x" }, {})).toEqual({ toString: "x" });
});

test("a text is parameters, or says why it is none", () => {
  expect(typedParameters(' {"a": 1} ')).toEqual({ a: 1 });
  expect(typedParameters("  ")).toEqual({});
  expect(() => typedParameters("{")).toThrow(/^The parameters are no JSON: /);
  for (const text of ["[1]", "null", "5"]) expect(() => typedParameters(text)).toThrow(/must be a JSON object/);
});

test.each<[string, Json, RegExp]>([
  ["sealed", { $sealed: "sealed:x" }, /sealed value already/],
  ["a prototype", JSON.parse('{"a":{"__proto__":{}}}') as Json, /"__proto__", which is not allowed/],
  ["too large", { text: "é".repeat(300_000) }, /have 600011 bytes as JSON; the most is 524288/],
])("%s is not sent", (_what, values, why) => {
  expect(unsendable(Object(values))).toMatch(why);
  expect(unsendable({ text: "x" })).toBeNull();
});
