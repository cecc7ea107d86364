import { expect, test } from "vitest";
import { operationsOf, prettified, readVariables } from "./operations-of.ts";

test("the operations of a document are found, and none in what cannot be parsed", () => {
  expect(operationsOf("{ viewer { scope } }")).toEqual([{ name: null, kind: "query" }]);
  expect(operationsOf("query A { a } subscription B { b } fragment F on T { c }")).toEqual([
    { name: "A", kind: "query" },
    { name: "B", kind: "subscription" },
  ]);
  expect(operationsOf("query A {")).toEqual([]);
});

test("a document is laid out; what cannot be parsed stays as it was", () => {
  expect(prettified("query A{viewer{scope}}")).toBe("query A {\n  viewer {\n    scope\n  }\n}\n");
  expect(prettified("query A {")).toBe("query A {");
});

test("variables are an object, and what is wrong with others is told", () => {
  expect([readVariables(" "), readVariables('{"id":1}')]).toEqual([{}, { id: 1 }]);
  expect(() => readVariables("{id")).toThrow("The variables are no JSON");
  for (const text of ["[1]", "null", '"id"']) expect(() => readVariables(text)).toThrow("a JSON object");
});
