import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { between } from "./save.ts";

test("the README has the place that the table is written to", async () => {
  const page = await readFile(new URL("../README.md", import.meta.url), "utf8");
  expect(between(page, "the table")).toContain("\n\nthe table\n\n");
});

test("a table written twice stands there once", () => {
  const page = "above\n<!-- table: begin -->\nold\n<!-- table: end -->\nbelow";
  const once = between(page, "new");
  expect(between(once, "new")).toBe(once);
  expect(once).not.toContain("old");
  expect(once.endsWith("\nbelow")).toBe(true);
});

test("a page without the place is refused with the lines that it needs", () => {
  expect(() => between("nothing", "x")).toThrow("<!-- table: begin -->");
});
