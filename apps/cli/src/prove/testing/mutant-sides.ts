import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { defaultPolicy, sealedPolicy, strictPolicy } from "../policies.ts";
import type { SidePlan, SideProof } from "../proof.ts";
import type { Place } from "../search.ts";
import { faultsOf } from "../verdict.ts";
import { type Mutant, MUTANTS } from "./mutants.ts";

/** Root of the repository: what mutants change stands below it. */
export const ROOT = resolve(import.meta.dirname, "../../../../..");
export const POLICIES = { default: defaultPolicy, strict: strictPolicy, sealed: sealedPolicy } as const;

const preload = pathToFileURL(join(import.meta.dirname, "mutant-preload.ts")).href;

/** A user's side whose programs lack the mutant's step. */
export function sideOfMutant(mutant: Mutant): SidePlan {
  return {
    name: `mutant-${MUTANTS.indexOf(mutant)}`,
    policy: POLICIES[mutant.policy],
    parts: [mutant.part],
    env: { WEIR_PROOF_MUTANT: mutant.name, NODE_OPTIONS: `--import=${preload}` },
  };
}

/** Places at which its own channel shows a mutant, in the way that it should; `ledger` stands for the ledger. None: nothing shows it. */
export function shownAt({ shows, as }: Mutant, { problem, rows, ledger }: SideProof): (Place | "ledger")[] {
  if (problem !== null) return [];
  if (shows === "ledger") return ledger === null ? [] : ["ledger"];
  return faultsOf(rows).flatMap(({ row, cell }) => (row.channel === shows && cell.verdict === as ? [cell.place] : []));
}

/** Other channels that show it, too. */
export function alsoShown({ shows }: Mutant, { rows }: SideProof): string[] {
  return [...new Set(faultsOf(rows).map(({ row }) => row.title))].filter(
    (title) => title !== rows.find(({ channel }) => channel === shows)?.title,
  );
}
