import { expect, test } from "vitest";
import { type Change, changedParts } from "./change-rows.ts";

const change = (more: Partial<Change>): Change => ({
  part: "tasks",
  kind: "changed",
  name: "load",
  before: null,
  after: null,
  ...more,
});
const linesOf = (more: Partial<Change>) =>
  changedParts([change(more)])[0]?.rows[0]?.lines.map(({ sign, text }) => sign + text);

test("what changed inside of a value is told line by line", () => {
  expect(linesOf({ before: { retries: 1, tags: [] }, after: { retries: 2, tags: [] } })).toEqual([
    " {",
    '-  "retries": 1,',
    '+  "retries": 2,',
    '   "tags": []',
    " }",
  ]);
});

test("a text keeps its own lines", () => {
  expect(linesOf({ before: "a\nb", after: "a\nc" })).toEqual([" a", "-b", "+c"]);
});

test("what came or went is told whole, and a label, which is its own name, not twice", () => {
  expect(linesOf({ kind: "added", after: [1] })).toEqual(["+[", "+  1", "+]"]);
  expect(linesOf({ kind: "removed", before: false })).toEqual(["-false"]);
  expect(linesOf({ kind: "added", name: "gpu", after: "gpu" })).toEqual([]);
});

test("parts stand in the order of the cloud, each with a title", () => {
  const parts = changedParts([
    change({ part: "sdkVersion" }),
    change({ part: "files" }),
    change({ part: "sdkVersion" }),
  ]);
  expect(parts.map(({ title, rows }) => [title, rows.length])).toEqual([
    ["Version of the SDK", 2],
    ["Files", 1],
  ]);
  expect(changedParts([change({ part: "__proto__" })])[0]?.title).toBe("__proto__");
});

test("of what is sealed it is told that it differs, and no line of it", () => {
  const [part] = changedParts([change({ before: { $sealed: "a" }, after: { $sealed: "b" } })]);
  expect(part?.rows).toEqual([{ kind: "changed", name: "load", isSealed: true, lines: [] }]);
});

test("large values are not compared letter by letter", () => {
  const [long, other] = ["x\n".repeat(60_000), "y\n".repeat(60_000)];
  expect(linesOf({ before: long, after: other })).toHaveLength(120_002);
});
