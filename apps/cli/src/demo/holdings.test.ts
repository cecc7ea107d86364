import { DATA_CLASSES, type DataClass } from "@weir/protocol";
import { expect, test } from "vitest";
import type { Holding } from "../connection/answers.ts";
import { fakeIo } from "../testing/fake-io.ts";
import { commonStart, formsOf, summarize } from "./column-summary.ts";
import { classLegend, holdingLines } from "./holdings.ts";

const HOLDINGS: readonly Holding[] = [
  {
    table: "task_runs",
    rows: 3,
    sample: [1, 2, 3].map((number) => ({
      number,
      state: "Success",
      key: null,
      location: `file:///home/me/.weir/results/flights/run/each-${number}.json`,
      run_name: null,
    })),
  },
  { table: "logs", rows: 1, sample: [{ number: 4, text: "166 rows left out" }] },
];

test("each table tells its rows, its metadata in short, and what users wrote in full", () => {
  expect(holdingLines(fakeIo(), HOLDINGS)).toEqual([
    "  task_runs         3 rows",
    "    metadata     number 1…3 · state Success · (empty: key)",
    "    location     location: all below file:///home/me/.weir/results/flights/run/",
    "                 each-1.json and 2 more that differ in numbers only",
    "    run-name     run_name: nothing",
    "  logs              1 row",
    "    metadata     number 4",
    "    log          text: 166 rows left out",
  ]);
});

test("a table that nobody has heard of is shown too, as metadata", () => {
  const lines = holdingLines(fakeIo(), [
    { table: "new_table", rows: 1, sample: [{ flow_run_id: "x", secret: "canary" }] },
  ]);
  expect(lines.join("\n")).toContain("secret canary");
});

test("the legend names the classes that appeared, in the words of the protocol", () => {
  const legend = classLegend(fakeIo(), HOLDINGS).join("\n");
  for (const dataClass of ["metadata", "location", "log", "config"] as DataClass[])
    expect(legend).toContain(DATA_CLASSES[dataClass].slice(0, 30));
  expect(legend).not.toContain(DATA_CLASSES.artifact);
});

test("columns are summed up: one value, ranges, few, many", () => {
  const rows = [1, 2, 3, 10].map((n) => ({
    n,
    at: `2026-01-31T10:00:0${n % 10}.000+00:00`,
    same: "x",
    id: "0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e",
    list: [n],
  }));
  const text = (column: string) => summarize(rows, column).text;
  expect(text("n")).toBe("1…10");
  expect(text("at")).toBe("2026-01-31 10:00:00.000…10:00:03.000");
  expect([text("same"), text("id"), text("absent")]).toEqual(["x", "…3f1b1a2c4d5e", null]);
  expect(text("list")).toBe("[1], [2], [3], [10]");
});

test("values that differ in numbers only are one form; a common folder needs three", () => {
  expect(formsOf(["a-1", "a-22", "b"])).toEqual([
    { example: "a-1", alike: 2 },
    { example: "b", alike: 1 },
  ]);
  expect(commonStart(["file:///a/b/c", "file:///a/b/d", "file:///a/x"])).toBe("file:///a/");
  expect(commonStart(["file:///a/b", "file:///a/c"])).toBe("");
});
