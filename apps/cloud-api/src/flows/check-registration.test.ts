import { LIMITS, Refusal } from "@weir/protocol";
import { expect, test } from "vitest";
import { registration } from "../graphql/testing/graphql-fixture.ts";
import { checkedRegistration } from "./check-registration.ts";

function refusalOf(value: unknown): { code: string; message: string } {
  try {
    checkedRegistration(value);
  } catch (error) {
    if (error instanceof Refusal) return error.toBody();
  }
  return { code: "none", message: "it was taken" };
}

test("a whole registration is taken as it is", () => {
  const whole = registration("flow", {
    description: "with all",
    parameterSchema: { type: "object" },
    parameterDefaults: { top: 50 },
    runConfig: { memory: "1Gi" },
  });
  expect(checkedRegistration(whole)).toBe(whole);
});

test.each([
  ["null", null, /must be object/],
  ["a missing field", {}, /required properties name, labels/],
  ["an unknown field", registration("f", { code: "export default 1" }), /additional properties/],
  ["an empty name", registration(""), /\/name .*fewer than 1/],
  [
    "a wrong digest",
    registration("f", { storage: { kind: "local", directory: "/", entry: "f.ts", codeDigest: "zz", files: [] } }),
    /\/storage\/codeDigest/,
  ],
  ["an unknown storage", registration("f", { storage: { kind: "floppy" } }), /\/storage/],
  ["a schema that is no object", registration("f", { parameterSchema: "any" }), /\/parameterSchema must be/],
  ["defaults that are a list", registration("f", { parameterDefaults: [1] }), /\/parameterDefaults must be an object/],
  ["a NUL", registration("a\u0000b"), /NUL/],
  ["half of a surrogate pair", registration("f", { description: "\ud83d" }), /surrogate/],
  ["a forbidden key", registration("f", { runConfig: JSON.parse('{"__proto__":{}}') as unknown }), /"__proto__"/],
])("%s is told", (_what, value, sentence) => {
  expect(refusalOf(value)).toMatchObject({ code: "INVALID", message: expect.stringMatching(sentence) });
});

test("text about an escape is no NUL", () => {
  expect(
    refusalOf(registration("f", { description: String.raw`use \u0000 with care, and \\u0000 too` })),
  ).toMatchObject({ code: "none" });
});

test("ten thousand levels are a sentence and not a stack overflow", () => {
  const deep = JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`) as unknown;
  expect(refusalOf(registration("f", { runConfig: deep }))).toMatchObject({
    message: expect.stringMatching(/deeper than 64/),
  });
});

test("one that is too large is told with its size and the limit", () => {
  const large = registration("f", { runConfig: { text: "é".repeat(LIMITS.registrationBytes / 2) } });
  expect(refusalOf(large)).toMatchObject({
    code: "TOO_LARGE",
    message: expect.stringContaining(String(LIMITS.registrationBytes)),
  });
});

test("of many problems the first five are told and the rest counted", () => {
  const tasks = Array.from({ length: 9 }, () => ({ name: "", tags: [], retries: 0 }));
  expect(refusalOf(registration("f", { tasks })).message).toMatch(/\/tasks\/4\/name .*; and \d+ more\.$/);
});
