import fc from "fast-check";
import { expect, test } from "vitest";
import { packOf, spanOf, spanText } from "./pack.ts";

const where = { runId: "r", flow: "f", task: "t", taskRunNumber: 1, attempt: 1, tryNumber: 1 };

test("a pack is a line of JSON for each result, which says whose it is", () => {
  const { content } = packOf([
    { where: { ...where, task: "é\n", mapIndex: 2 }, text: '{"a":1}' },
    { where: { ...where, taskRunNumber: 2, tryNumber: 3 }, text: "null" },
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
      const { content, spans } = packOf(results.map(([task, value]) => ({ where: { ...where, task }, text: value })));
      const found = spans.map(({ offset, bytes }) => content.toString("utf8", offset, offset + bytes));
      expect(found).toEqual(results.map(([, value]) => value));
    }),
  );
});

test("a span survives its location, and nothing else is one", () => {
  expect(spanOf(spanText({ offset: 12, bytes: 3 }))).toEqual({ offset: 12, bytes: 3 });
  expect(spanOf("")).toBeNull();
  for (const fragment of ["#", "#1", "#-1,2", "#1,2,3", "#1,", `#${"9".repeat(20)},1`]) {
    expect(() => spanOf(fragment)).toThrow("names no part of a file");
  }
});
