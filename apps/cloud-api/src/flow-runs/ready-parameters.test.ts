import { LIMITS, Refusal } from "@weir/protocol";
import { expect, test } from "vitest";
import { jwe, sealedJson, sealedText } from "../seal-keys/testing/sealed.ts";
import { type ParameterRules, readyParameters } from "./ready-parameters.ts";

const NONE: ParameterRules = { parameterSchema: null, parameterDefaults: null };
const SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: {
    top: { type: "integer", minimum: 1 },
    delay: { type: "number" },
    mode: { enum: ["fast", "slow"] },
    list: { type: "array", items: { type: "object", properties: { x: { type: "string" } }, required: ["x"] } },
  },
  required: ["top", "delay"],
  additionalProperties: false,
};

function refusal(given: unknown, rules: Partial<ParameterRules> = {}): string {
  try {
    readyParameters("f", given, { ...NONE, ...rules });
  } catch (error) {
    if (error instanceof Refusal) return `${error.code} ${error.message}`;
    throw error;
  }
  return "none";
}

test("without a schema any JSON object will do, and none is an empty one", () => {
  expect(readyParameters("f", { a: [1, { b: null }] }, NONE)).toEqual({ a: [1, { b: null }] });
  expect(readyParameters("f", undefined, NONE)).toEqual({});
});

test("defaults fill what is missing, falsy ones too, and never replace what is given", () => {
  const rules = { parameterSchema: SCHEMA, parameterDefaults: { top: 3, delay: 0, mode: "fast" } };
  expect(readyParameters("f", { top: 5 }, rules)).toEqual({ top: 5, delay: 0, mode: "fast" });
});

test("each field that does not fit gets a sentence of its own", () => {
  const given = { top: "5", extra: 1, mode: "other", list: [{ x: "1" }, {}] };
  expect(refusal(given, { parameterSchema: SCHEMA })).toBe(
    'PARAMETERS_INVALID The parameters of flow "f" do not fit: "delay" is missing. "extra" is not a parameter of this flow. ' +
      '"top" must be integer. "mode" must be one of "fast","slow". "list.1.x" is missing.',
  );
});

test("a field that the schema excludes outright is refused too", () => {
  expect(refusal({ a: 1 }, { parameterSchema: { properties: { a: false } } })).toContain("excludes");
});

test("what is no object is named for what it is", () => {
  expect(refusal([1])).toContain("they are an array");
  expect(refusal("text")).toContain("they are a string");
  expect(refusal(7)).toContain("they are a number");
});

test("too large, too deep, __proto__ and characters that cannot be stored are refused", () => {
  expect(refusal({ a: "x".repeat(512 * 1024) })).toMatch(
    /^TOO_LARGE .* have 524\d+ bytes as JSON; the most is 524288\. Put the data/,
  );
  expect(refusal({ a: "é".repeat(300 * 1024) })).toContain("TOO_LARGE");
  expect(refusal(JSON.parse(`{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`))).toContain("deeper than 64 levels");
  expect(refusal(JSON.parse('{"a":{"__proto__":{}}}'))).toContain('holds the key "__proto__"');
  expect(refusal({ a: { "\u0000": 1 } })).toContain("cannot be stored");
  expect(refusal({ a: "\ud800" })).toContain("cannot be stored");
  expect(readyParameters("f", { a: String.raw`\u0000`, b: "😀" }, NONE)).toEqual({ a: String.raw`\u0000`, b: "😀" });
});

test("a schema that refers to itself, or backtracks for ever, ends in a sentence and not in a hang", () => {
  expect(refusal({ a: 1 }, { parameterSchema: { $ref: "#" } })).toContain("refers to itself");
  const slow = { properties: { a: { pattern: "^(a+)+$" } } };
  expect(refusal({ a: `${"a".repeat(50)}!` }, { parameterSchema: slow })).toContain("within 250 ms");
  expect(readyParameters("f", { a: "aaa" }, { ...NONE, parameterSchema: slow })).toEqual({ a: "aaa" });
  let doubling: object = { type: "string" };
  const $defs: Record<string, object> = {};
  for (let i = 0; i < 40; i += 1) {
    $defs[`d${i}`] = doubling;
    doubling = { allOf: [{ $ref: `#/$defs/d${i}` }, { $ref: `#/$defs/d${i}` }] };
  }
  expect(refusal({ a: "x" }, { parameterSchema: { $defs, properties: { a: doubling } } })).toContain("within 250 ms");
});

test("sealed parameters are taken as they are: neither filled nor checked", () => {
  const rules = { parameterSchema: SCHEMA, parameterDefaults: { top: 3, delay: 0 } };
  expect(readyParameters("f", sealedJson("secret"), rules)).toEqual(sealedJson("secret"));
  expect(readyParameters("f", { $sealed: sealedText("k") }, rules)).toEqual({ $sealed: sealedText("k") });
});

test("sealed defaults are not filled in; what is given is checked, and what is missing may stand in them", () => {
  const rules = { parameterSchema: SCHEMA, parameterDefaults: sealedJson("defaults") };
  expect(readyParameters("f", { top: 5 }, rules)).toEqual({ top: 5 });
  expect(refusal({ top: "5" }, rules)).toMatch(/"top" must be integer/);
});

test("sealed parameters may be longer than plain ones by what sealing takes, and have the form of sealed ones", () => {
  const long = { $sealed: { ...jwe(""), ciphertext: "x".repeat(LIMITS.parametersBytes * 1.4) } };
  expect(readyParameters("f", long, NONE)).toEqual(long);
  const longer = { $sealed: { ...jwe(""), ciphertext: "x".repeat(LIMITS.parametersBytes * 1.6) } };
  expect(refusal(longer)).toMatch(/^TOO_LARGE/);
  for (const odd of [5, null, {}, { ciphertext: "x" }, { ciphertext: "x", recipients: [] }, "sealed"])
    expect(refusal({ $sealed: odd })).toMatch(/^PARAMETERS_INVALID .*\$sealed is/);
  expect(readyParameters("f", { $sealed: 5, more: 1 }, NONE)).toEqual({ $sealed: 5, more: 1 });
});
