// All mutants: `pnpm prove:mutants`. Takes each step of the gate out in turn, proves, and writes what found it to docs/proof-mutants.md.
// Ends with exit code 1 when one of them was not found out.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportOf } from "../../error-report.ts";
import { fakeIo } from "../../testing/fake-io.ts";
import { runProof } from "../proof.ts";
import { type Found, renderMutants } from "./mutants-report.ts";
import { alsoShown, ROOT, shownAt, sideOfMutant } from "./mutant-sides.ts";
import { MUTANTS } from "./mutants.ts";

const begun = performance.now();
const io = fakeIo({ env: { PATH: process.env.PATH }, cwd: ROOT });
const proof = await runProof(io, {
  database: { kind: "embedded" },
  sides: MUTANTS.map(sideOfMutant),
  atOnce: 4,
  step: (sentence) => console.error(`  ${sentence} …`),
  keep: false,
});
const found: Found[] = MUTANTS.map((mutant) => {
  const side = proof.sides.find(({ name }) => name === sideOfMutant(mutant).name);
  const title = side?.rows.find(({ channel }) => channel === mutant.shows)?.title ?? mutant.shows;
  return {
    mutant,
    title,
    places: side === undefined ? [] : shownAt(mutant, side),
    also: side === undefined ? [] : alsoShown(mutant, side),
  };
});
writeFileSync(join(ROOT, "docs/proof-mutants.md"), renderMutants(found, new Date(), performance.now() - begun));
for (const { mutant, places } of found) console.log(`${places.length > 0 ? "✓" : "✗ NOT FOUND OUT:"} ${mutant.name}`);
for (const { name, problem } of proof.sides)
  if (problem !== null) console.log(`${name} was not played to its end: ${reportOf(problem).message}`);
process.exitCode = found.every(({ places }) => places.length > 0) ? 0 : 1;
