import { expect, test } from "vitest";
import { readTypedValue } from "./typed-value.ts";

test.each([
  ["1742", 1742],
  ['{"rows": [1, null]}', { rows: [1, null] }],
  ["2026-01-31", "2026-01-31"],
  ['"1742"', "1742"],
  ["{ half", "{ half"],
])("what was typed as %s is kept as %j", (text, value) => {
  expect(readTypedValue(text)).toEqual(value);
});
