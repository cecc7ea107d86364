import { expect, test } from "vitest";
import { kvProblem } from "./kv-problem.ts";
import { LIMITS } from "./limits.ts";

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

test.each([
  null,
  0,
  "",
  false,
  "\\u0000 as it is written",
  { a: [1, { b: "ä🙂" }] },
  nested(60),
  "x".repeat(LIMITS.kvValueBytes - 2),
])("%j can be kept", (value) => {
  expect(kvProblem("k", value)).toBeNull();
});

test.each([
  [undefined, "INVALID", "it is undefined"],
  [[Number.NaN], "INVALID", "holds NaN"],
  [nested(70), "INVALID", "nested deeper than 64"],
  [JSON.parse('{"__proto__":1}'), "INVALID", '"__proto__"'],
  ["a\0b", "INVALID", "NUL"],
  [{ "\uD800": 1 }, "INVALID", "half of a surrogate pair"],
  ["ä".repeat(LIMITS.kvValueBytes / 2), "TOO_LARGE", "has 65538 bytes as JSON; the most is 65536"],
])("%j cannot: %s", (value, code, sentence) => {
  expect(kvProblem("orders", value)).toMatchObject({ code });
  expect(kvProblem("orders", value)?.message).toContain('The value of the key "orders"');
  expect(kvProblem("orders", value)?.message).toContain(sentence);
});
