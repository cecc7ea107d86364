import { expect, test } from "vitest";
import { checkedParameters, type ParameterFacts } from "./sealed-parameters.ts";

const schema = {
  type: "object",
  properties: { top: { type: "integer" }, day: { type: "string" }, mode: { enum: ["fast", "slow"] } },
  required: ["top", "day"],
  additionalProperties: false,
};
const facts = (given: Partial<ParameterFacts> = {}): ParameterFacts => ({
  schema,
  defaults: null,
  own: true,
  ...given,
});
const sentence = (given: Record<string, never> | object, known: ParameterFacts): string => {
  try {
    checkedParameters("f", given as Record<string, never>, known);
    return "none";
  } catch (error) {
    return (error as Error).message;
  }
};

test("what does not fit is told field by field, before anything is sealed", () => {
  const given = { top: "5", more: 1, mode: "other" };
  expect(sentence(given, facts())).toBe(
    'The parameters of flow "f" do not fit: "day" is missing. "more" is not a parameter of this flow. "top" must be integer. "mode" must be one of "fast","slow".',
  );
});

test("defaults of the flow's own file are sealed with the rest, falsy ones too", () => {
  const defaults = { top: 0, day: "" };
  expect(checkedParameters("f", { day: "x" }, facts({ defaults }))).toEqual({ top: 0, day: "x" });
});

test("a value that only the cloud tells is never sealed in the starter's name", () => {
  const defaults = { top: 666, day: "cloud" };
  expect(checkedParameters("f", { day: "x" }, facts({ defaults, own: false }))).toEqual({ day: "x" });
});

test("what may stand in defaults that nobody here can open is not called missing", () => {
  const sealed = facts({ defaults: { $sealed: {} }, own: false });
  expect(sentence({ day: "x" }, sealed)).toBe("none");
  expect(sentence({ day: 1 }, sealed)).toMatch(/"day" must be string/);
  expect(sentence({ day: "x" }, facts({ defaults: "[sealed]", own: false }))).toBe("none");
});

test("parameters that are too large, too deep or no JSON object of ours are refused here", () => {
  const anything = facts({ schema: null });
  expect(sentence({ a: "é".repeat(300 * 1024) }, anything)).toMatch(/have 6\d{5} bytes as JSON; the most is 524288/);
  expect(sentence(JSON.parse('{"a":{"__proto__":1}}') as object, anything)).toMatch(/holds the key "__proto__"/);
});

test("a schema that would take for ever ends in a sentence", () => {
  const slow = { properties: { a: { pattern: "^(a+)+$" } } };
  const given = { a: `${"a".repeat(50)}!` };
  expect(sentence(given, facts({ schema: slow }))).toMatch(/could not be checked: .* takes too long/);
  expect(sentence({ a: 1 }, facts({ schema: { $ref: "#" } }))).toMatch(/could not be checked/);
});
