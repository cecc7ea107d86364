import { expect, test } from "vitest";
import { NO_SETTINGS, settingsPatch } from "./settings-patch.ts";

const EMPTY = {
  description: "",
  labels: "",
  maxRecoveries: "",
  recoveryBackoffSeconds: "",
  parameterDefaults: "",
};

test("only what was changed is said, and what was emptied is given back", () => {
  const before = { ...NO_SETTINGS, description: "old", labels: ["gpu"], maxRecoveries: 2, parameterDefaults: { a: 1 } };
  const typed = { ...EMPTY, labels: "gpu", maxRecoveries: "0", parameterDefaults: '{ "a": 1 }' };
  expect(settingsPatch(before, typed)).toEqual({ description: null, maxRecoveries: 0 });
  expect(settingsPatch(NO_SETTINGS, EMPTY)).toEqual({});
});

test("labels are what stands between commas, each once", () => {
  expect(settingsPatch(NO_SETTINGS, { ...EMPTY, labels: " a b ,c,, c" })).toEqual({ labels: ["a b", "c"] });
});

test.each([
  ["recoveryBackoffSeconds", "soon", /"soon" is no number/],
  ["maxRecoveries", "-1", /"-1" is no number from 0/],
  ["parameterDefaults", "[1]", /no JSON object/],
  ["parameterDefaults", "{", /no JSON: /],
  ["parameterDefaults", '{"a":{"__proto__":1}}', /"__proto__", which is not allowed/],
])("what %s cannot be is told: %s", (field, text, why) => {
  expect(() => settingsPatch(NO_SETTINGS, { ...EMPTY, [field]: text })).toThrow(why);
});
