import type { Place } from "../search.ts";
import type { Mutant } from "./mutants.ts";

/** What came of one mutant. */
export interface Found {
  readonly mutant: Mutant;
  /** Title of the channel that is to show it. */
  readonly title: string;
  /** Where it did; none: the mutant was not found out. */
  readonly places: readonly (Place | "ledger")[];
  /** Titles of other channels that did. */
  readonly also: readonly string[];
}

const HOW: Readonly<Record<Mutant["as"], string>> = {
  leak: "found in",
  missing: "missing in",
  closed: "does not open in",
  lost: "not kept, told by",
};

/** The report as Markdown. @param ms how long it took */
export function renderMutants(all: readonly Found[], at: Date, ms: number): string {
  const caught = all.filter(({ places }) => places.length > 0).length;
  const rows = all.map(({ mutant, title, places, also }) => {
    const found = places.length === 0 ? "**NOT FOUND OUT**" : `${HOW[mutant.as]} ${places.join(", ")}`;
    return `| ${mutant.name} | \`${mutant.file}\` | ${mutant.policy} | ${title} | ${mutant.shows === "ledger" && places.length > 0 ? "does not fit" : found} | ${also.join(" · ") || "none"} |`;
  });
  return [
    "# Mutants of the gate",
    "",
    `Written by \`pnpm prove:mutants\` on ${at.toISOString().slice(0, 10)}: ${caught} of ${all.length} found out, in ${Math.round(ms / 1000)} s. Each takes one step of the user's side out`,
    "([the list](../apps/cli/src/prove/testing/mutants.ts)), and the proof must fail by the channel that is named. Places: `sent` is all that the proxy recorded, `database`",
    "all that the cloud holds, `answers` all that it answered.",
    "",
    "| step taken out | where | policy | channel that shows it | how | others that do |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
