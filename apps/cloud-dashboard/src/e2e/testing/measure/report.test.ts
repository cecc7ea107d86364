import { expect, test } from "vitest";
import { type Figure, keeps, reportOf } from "./report.ts";

const figure: Figure = { name: "size", value: 130.4, unit: "KB", budget: 250, better: "less", how: "counted" };

test("a figure keeps its budget up to the budget itself, in its own direction", () => {
  expect([249, 250, 251].map((value) => keeps({ ...figure, value }))).toEqual([true, true, false]);
  expect([249, 250, 251].map((value) => keeps({ ...figure, value, better: "more" }))).toEqual([false, true, true]);
});

test("a budget that is not kept stands out", () => {
  expect(reportOf([figure])).toContain("| size | 130 KB | ≤ 250 KB | yes | counted |");
  expect(reportOf([{ ...figure, value: 300 }])).toContain("| ≤ 250 KB | **no** |");
});
