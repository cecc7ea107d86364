import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { fakeIo } from "../testing/fake-io.ts";
import { ALL_PARTS } from "./parts.ts";
import { defaultPolicy, sealedPolicy, strictPolicy } from "./policies.ts";
import { runProof, type Searched, type SidePlan, type SideProof } from "./proof.ts";
import { faultLines } from "./report.ts";
import { mutated } from "./testing/mutated.ts";
import { type Mutant, MUTANTS } from "./testing/mutants.ts";
import { faultsOf } from "./verdict.ts";

// The whole proof, and a proof for each mutant, with one cloud: real processes, a real Postgres, all of it searched once.

const ROOT = resolve(import.meta.dirname, "../../../..");
const POLICIES = { default: defaultPolicy, strict: strictPolicy, sealed: sealedPolicy } as const;
const NAMES = Object.keys(POLICIES) as (keyof typeof POLICIES)[];
const preload = pathToFileURL(join(import.meta.dirname, "testing", "mutant-preload.ts")).href;

const whole: readonly SidePlan[] = NAMES.map((name) => ({ name, policy: POLICIES[name], parts: ALL_PARTS }));

const planOf = ({ name, policy, part }: Mutant, index: number): SidePlan => ({
  name: `mutant-${index}`,
  policy: POLICIES[policy],
  parts: [part],
  env: { WEIR_PROOF_MUTANT: name, NODE_OPTIONS: `--import=${preload}` },
});

let searched: Searched;

beforeAll(async () => {
  const { PATH } = process.env;
  const io = fakeIo({ env: { PATH }, cwd: ROOT });
  const sides = [...whole, ...MUTANTS.map(planOf)];
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

test("every mutant finds its text exactly once", () => {
  for (const mutant of MUTANTS) expect(mutated(mutant, readFileSync(join(ROOT, mutant.file), "utf8"))).not.toBe("");
});

test.for(MUTANTS.map((mutant, index) => [mutant.name, index, mutant.shows] as const))(
  "a mutant is found out: %s",
  ([, index, shows]) => {
    const { problem, rows, ledger } = sideOf(`mutant-${index}`);
    expect(problem, "the scenario was played to its end").toBeNull();
    const leaks = faultsOf(rows).filter(({ cell }) => cell.verdict === "leak");
    const channels = leaks.map(({ row }) => row.channel);
    expect(ledger === null ? channels : [...channels, "ledger"]).toContain(shows);
  },
);
