import { join } from "node:path";
import { expect, test } from "vitest";
import { conformancePage } from "./conformance-page.ts";
import { RULE_IDS } from "./rules.ts";
import { PROOFS } from "./sections.ts";

const PAGE = join(import.meta.dirname, "..", "..", "..", "..", "docs", "conformance.md");

test("every rule of the design has a proof", () => {
  const proved = new Set<string>(PROOFS.map(({ rule }) => rule));
  expect(RULE_IDS.filter((rule) => !proved.has(rule))).toEqual([]);
});

test("no two proofs of a rule have one name", () => {
  const names = PROOFS.map(({ rule, name }) => `${rule}: ${name}`);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test("docs/conformance.md says what is proved", async () => {
  await expect(conformancePage(PROOFS)).toMatchFileSnapshot(PAGE);
});
