import { parseValue } from "./graphql-js.ts";
import { expect, test } from "vitest";
import { DateTime, Json } from "./scalars.ts";

test.each(["2026-01-31T06:30:00Z", "2026-01-31T08:30:00.000+02:00"])("%s is a moment", (text) => {
  expect(DateTime.parseValue(text).toISOString()).toBe("2026-01-31T06:30:00.000Z");
});

test.each([
  "2026-01-31",
  "2026-01-31T06:30:00",
  "tomorrow",
  "2026-02-31T06:30:00+99:00",
  1_700_000_000,
  null,
  { year: 2026 },
])("%j is none, and the sentence shows how to write one", (value) => {
  expect(() => DateTime.parseValue(value)).toThrow(/ISO 8601.*for example/);
});

test("JSON in a document is read as it stands, variables inside it too", () => {
  const literal = parseValue(`{ a: [1, 2.5, "x", true, false, null], b: $b, enum: WORD }`);
  expect(Json.parseLiteral(literal, { b: { c: 1 } })).toEqual({
    a: [1, 2.5, "x", true, false, null],
    b: { c: 1 },
    enum: "WORD",
  });
});

test("a field called __proto__ in a document reaches no prototype", () => {
  const value = Json.parseLiteral(parseValue("{ __proto__: { polluted: 1 } }"), {}) as object;
  expect(Object.hasOwn(value, "__proto__")).toBe(true);
  expect((value as { polluted?: unknown }).polluted).toBeUndefined();
});
