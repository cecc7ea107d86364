import { expect, test } from "vitest";
import { canLayOut } from "./markdown-size.ts";

test("a report is laid out", () => {
  const report = `# Orders\n\n> quoted\n\n- a\n  - b\n    - c\n\n| n | price |\n|---|---|\n${"| 1 | 10 |\n".repeat(500)}\n[a](https://a.example) ~~old~~`;
  expect(canLayOut(report)).toBe(true);
});

test.each([
  ["very long", "x".repeat(20_001)],
  ["quotations in each other", ">".repeat(41)],
  ["lists in each other", `${"- ".repeat(41)}x`],
  ["numbered lists in each other", `${"1. ".repeat(41)}x`],
  ["lists by indent", `${" ".repeat(84)}- x`],
  ["strikes", "~a".repeat(401)],
  ["cells", "|a".repeat(5_001)],
  ["links", "[a](b)".repeat(1_001)],
  ["footnotes", "[^1]".repeat(401)],
])("%s are shown as text", (_what, markdown) => {
  expect(canLayOut(markdown)).toBe(false);
});
