import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { fakeIo } from "../testing/fake-io.ts";
import { ALL_PARTS } from "./parts.ts";
import { runProof, type Searched, type SidePlan, type SideProof } from "./proof.ts";
import { faultLines } from "./report.ts";
import { mutated } from "./testing/mutated.ts";
import { CHOSEN, MUTANTS } from "./testing/mutants.ts";
import { POLICIES, ROOT, shownAt, sideOfMutant } from "./testing/mutant-sides.ts";

// The whole proof, and a proof for each chosen mutant, with one cloud: real processes, a real Postgres, all of it searched once.

const NAMES = Object.keys(POLICIES) as (keyof typeof POLICIES)[];
const whole: readonly SidePlan[] = NAMES.map((name) => ({ name, policy: POLICIES[name], parts: ALL_PARTS }));
const chosen = MUTANTS.filter(({ name }) => CHOSEN.includes(name));

let searched: Searched;

beforeAll(async () => {
  const { PATH } = process.env;
  const io = fakeIo({ env: { PATH }, cwd: ROOT });
  const sides = [...whole, ...chosen.map(sideOfMutant)];
  searched = await runProof(io, { database: { kind: "embedded" }, sides, atOnce: 4, step: () => {}, keep: false });
}, 480_000);

const sideOf = (name: string): SideProof => {
  const side = searched.sides.find((one) => one.name === name);
  if (side === undefined) throw new Error(`There is no side ${name}.`);
  return side;
};

test.for(NAMES)("the policy %s lets out what it says, and nothing else", (name) => {
  expect(faultLines({ ...searched, sides: [sideOf(name)] })).toEqual([]);
});

test("every mutant finds its text exactly once, and each that is chosen is there", () => {
  for (const mutant of MUTANTS) expect(mutated(mutant, readFileSync(join(ROOT, mutant.file), "utf8"))).not.toBe("");
  expect(chosen).toHaveLength(CHOSEN.length);
  expect(chosen.length).toBeGreaterThan(13);
});

test.for(chosen.map((mutant) => [mutant.name, mutant] as const))("a mutant is found out: %s", ([, mutant]) => {
  const side = sideOf(sideOfMutant(mutant).name);
  expect(side.problem, "the scenario was played to its end").toBeNull();
  expect(side.happened.filter(({ happened }) => !happened)).toEqual([]);
  expect(shownAt(mutant, side)).not.toEqual([]);
});
