import fc from "fast-check";
import { expect, test } from "vitest";
import { extentOf, packOf, sizeText, spanText } from "./pack.ts";

const where = { runId: "r", flow: "f", task: "t", taskRunNumber: 1, attempt: 1, tryNumber: 1 };

test("a pack is a line of JSON for each result, which says whose it is", () => {
  const { content } = packOf([
    { where: { ...where, task: "é\n", mapIndex: 2 }, stored: '{"a":1}' },
    { where: { ...where, taskRunNumber: 2, tryNumber: 3 }, stored: "null" },
  ]);
  const lines = content.toString().trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { task: "é\n", number: 1, mapIndex: 2, try: 1, value: { a: 1 } },
    { task: "t", number: 2, try: 3, value: null },
  ]);
});

test("each span holds exactly its result, whatever characters are around it", () => {
  const text = fc.string({ unit: "binary" }).map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: "binary" }), text), { minLength: 1 }), (results) => {
      const { content, spans } = packOf(results.map(([task, value]) => ({ where: { ...where, task }, stored: value })));
      const found = spans.map(({ offset, bytes }) => content.toString("utf8", offset, offset + bytes));
      expect(found).toEqual(results.map(([, value]) => value));
    }),
  );
});

test("what is not JSON lies in it as it is, after a line that says whose it is", () => {
  const bytes = Buffer.from([0, 10, 255]);
  const { content, spans } = packOf([
    { where, stored: "1" },
    { where: { ...where, turn: 2 }, stored: bytes },
    { where, stored: '"é"' },
  ]);
  const found = spans.map(({ offset, bytes: count }) => content.subarray(offset, offset + count));
  expect(found).toEqual([Buffer.from("1"), bytes, Buffer.from('"é"')]);
  expect(content.toString("latin1")).toContain('{"task":"t","number":1,"try":1,"turn":2}\n');
});

test("span and size survive their location, and nothing else is one", () => {
  expect(extentOf(spanText({ offset: 12, bytes: 3 }))).toEqual({ offset: 12, bytes: 3 });
  expect(extentOf(sizeText(7))).toEqual({ offset: null, bytes: 7 });
  expect(extentOf("")).toBeNull();
  for (const fragment of ["#", "#-1", "#-1,2", "#1,2,3", "#1,", `#${"9".repeat(20)},1`]) {
    expect(() => extentOf(fragment)).toThrow("names no part of a file");
  }
});
