import { test } from "vitest";
import { prove } from "./row.ts";
import { PROOFS } from "./sections.ts";

for (const proof of PROOFS) test(`${proof.rule}: ${proof.name}`, { timeout: 10_000 }, () => prove(proof));
