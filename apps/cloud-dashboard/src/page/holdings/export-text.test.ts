import { expect, test } from "vitest";
import { ExportText } from "./export-text.ts";

const TEXT =
  '{"export":"weir holdings"}\n{"table":"runs","row":{"a":1}}\n{"table":"logs","row":{"text":"{\\"end\\":true,"}}\n';
const END = '{"end":true,"rows":{"runs":1,"logs":1}}\n';

function read(text: string, size: number): ExportText {
  const found = new ExportText();
  for (let at = 0; at < text.length; at += size) found.add(text.slice(at, at + size));
  return found;
}

test.each([1, 7, 1_000])("rows are counted in pieces of %d characters, and the end is seen", (size) => {
  const found = read(TEXT + END, size);
  expect([found.rows, found.isWhole]).toEqual([2, true]);
});

test("an export without its last line, or with half of it, is not whole", () => {
  expect(read(TEXT, 50).isWhole).toBe(false);
  expect(read(TEXT + END.slice(0, -1), 50).isWhole).toBe(false);
  expect(new ExportText().isWhole).toBe(false);
});
