import { expect, test } from "vitest";
import { clean, cleanDeep, cleanLine } from "./clean.ts";

const HOSTILE = {
  colour: "\u001b[31mred\u001b[0m",
  "cursor movement": "safe\u001b[2A\u001b[2Kgone",
  title: "\u001b]0;owned\u0007text",
  link: "\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\",
  "C1 controls": "a\u009b31mb\u0085c",
  "carriage return": "all well\rROOT",
  backspace: "abc\b\b\bxyz",
  reversal: "invoice\u202egpj.exe",
  "zero width": "pass\u200bword",
  bell: "\u0007",
};

test.for(Object.entries(HOSTILE))("%s cannot reach the terminal", ([, text]) => {
  expect(clean(text)).toMatch(/^[\x20-\x7e]*$/);
});

test("what people write stays as it is", () => {
  const text = "Zürich → 東京\t👩‍👩‍👧 ok\nsecond line";
  expect(clean(text)).toBe(text);
  expect(cleanLine("a\nb\tc\r\nd")).toBe("a b c d");
});

test("values are cleaned in all their depth, keys too", () => {
  expect(cleanDeep({ "k\u0007": ["a\u001b[1m", { n: 1, o: null }] })).toEqual({ k: ["a", { n: 1, o: null }] });
});
