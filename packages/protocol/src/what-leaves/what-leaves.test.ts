import { expect, test } from "vitest";
import { CLASS_ACTIONS } from "../boundary.ts";
import { crossingFields } from "../crossing.ts";
import { DATA_CLASSES } from "../data-class.ts";
import { HELD_TABLES } from "../held-tables.ts";
import { EFFECTS } from "./effects.ts";
import { whatLeaves } from "./what-leaves.ts";

// A change of this page is a privacy review: it tells users what may leave, and where it lies.
test("docs/what-leaves.md is what the protocol says: read what changed, and write it anew with -u", async () => {
  await expect(whatLeaves()).toMatchFileSnapshot("../../../../docs/what-leaves.md");
});

test("every field that may cross and every column that is kept is on the page", () => {
  const page = whatLeaves();
  for (const { path } of crossingFields()) expect(page).toContain(`\`${path}\``);
  for (const [table, { columns }] of Object.entries(HELD_TABLES))
    for (const column of Object.keys(columns)) expect(page).toMatch(new RegExp(`\`(${table}\\.)?${column}\``));
});

test("each action of each class is explained, from the mildest to the strictest", () => {
  expect(Object.keys(EFFECTS)).toEqual(Object.keys(DATA_CLASSES));
  for (const [dataClass, actions] of Object.entries(CLASS_ACTIONS))
    expect(Object.keys(EFFECTS[dataClass as keyof typeof EFFECTS])).toEqual([...actions]);
});
