import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findGuards } from "./find-guards.ts";
import { readVerdicts } from "./report.ts";
import { secondLock } from "./second-locks.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..", "..");

test("docs/guards-report.md tells of each guard in the sources, and of no other, that a test missed it", () => {
  const verdicts = readVerdicts(readFileSync(join(ROOT, "docs", "guards-report.md"), "utf8"));
  const names = findGuards(ROOT).map(({ name }) => name);
  const advice = "is a guard that came or went: `pnpm guards` tries it";
  expect(names.filter((name) => !verdicts.has(name)).map((name) => `${name} ${advice}`)).toEqual([]);
  expect([...verdicts.keys()].filter((name) => !names.includes(name)).map((name) => `${name} ${advice}`)).toEqual([]);
  expect(names.filter((name) => verdicts.get(name) === null && secondLock(name) === null)).toEqual([]);
});
