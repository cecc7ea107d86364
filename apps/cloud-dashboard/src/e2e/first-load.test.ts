import { expect, test } from "vitest";
import { dashboardFiles } from "../index.ts";
import { firstLoadOf } from "./testing/first-load.ts";

const BUDGET_BYTES = 250 * 1024;

test("the first load of the overview is at most 250 KB of compressed JavaScript; what other pages need comes later", () => {
  const { scripts, bytes } = firstLoadOf(dashboardFiles(), "overview-page");
  expect(scripts.length).toBeGreaterThan(1);
  expect(bytes, scripts.join(", ")).toBeLessThanOrEqual(BUDGET_BYTES);
  expect(scripts.filter((path) => /console-page|flow-page|run-page|logs-page|graph-/.test(path))).toEqual([]);
});
