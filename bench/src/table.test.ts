import { expect, test } from "vitest";
import { goalText, round } from "./table.ts";

test("goals read as in the design", () => {
  expect(goalText({ atLeast: 15_000, timesPeer: 10 }, "task runs/s")).toBe("≥ 15,000 task runs/s and ≥ 10 × peer");
  expect(goalText({ atMost: 50 }, "ms")).toBe("≤ 50 ms");
});

test("figures have three digits at most, whole ones from a hundred on", () => {
  expect([0.01234, 2.345, 99.96, 12_345.6, Number.NaN].map(round)).toEqual(["0.0123", "2.35", "100", "12,346", "–"]);
});
