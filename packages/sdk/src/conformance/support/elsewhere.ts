import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import type { Fact } from "../row.ts";
import type { RuleId } from "../rules.ts";

const ROOT = resolve(import.meta.dirname, "..", "..", "..", "..", "..");

/** A rule that another part of the system keeps: its proof stands in that part's tests, which must exist and speak of it. */
export function elsewhere(rule: RuleId, name: string, file: string, words: RegExp = /\btest\(/): Fact {
  return {
    rule,
    name: `${name} (proved in ${file})`,
    holds: () => expect(readFileSync(join(ROOT, file), "utf8")).toMatch(words),
  };
}
