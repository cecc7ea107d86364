import type { Guard, GuardKind } from "./guard.ts";
import { secondLock } from "./second-locks.ts";

/** What became of a guard that was taken out: the first test that failed, or null when none did. */
export interface Verdict {
  readonly guard: Guard;
  readonly foundBy: string | null;
}

const HEAD = `# Guards between tenants and people, taken out one at a time

Written by \`pnpm guards\`; do not edit it by hand. Each line is a guard of the cloud that was taken out of a copy of the repository; the test behind the
arrow was the first that failed. Guards are found in the sources by what they look like, so those are among them that are added later: a test fails until they
are tried. The tenant in the statements is taken out while tests run: \`pnpm guards --kind scope --again\` does so in some minutes.
`;

const TITLES: Readonly<Record<GuardKind, string>> = {
  policy: "Policies of row-level security",
  permission: "Permissions",
  route: "Who may call a route",
  scope: "The tenant in the statements (with the policies open, so that code alone has to hold)",
};

const NOT_TRIED = "not tried";
const NOTHING_FAILED = "nothing failed";

/** What a report tells of guards, by their names; null: nothing failed, and a reason is known. */
export function readVerdicts(report: string): Map<string, string | null> {
  const lines = [...report.matchAll(/^- `(.+)` → (.+)$/gm)].filter(
    ([, , verdict = ""]) => verdict !== NOT_TRIED && verdict !== `**${NOTHING_FAILED}**`,
  );
  return new Map(
    lines.map(([, name = "", verdict = ""]) => [name, verdict.startsWith(`${NOTHING_FAILED}: `) ? null : verdict]),
  );
}

/** The report on all guards, by kind; those that were not tried are named. */
export function guardsReport(verdicts: readonly Verdict[], all: readonly Guard[]): string {
  const nothing = verdicts.filter(({ foundBy }) => foundBy === null).map(({ guard }) => guard.name);
  const behind = nothing.filter((name) => secondLock(name) !== null).length;
  const tried = new Map(verdicts.map(({ guard, foundBy }) => [guard.name, foundBy]));
  const parts = [...Map.groupBy(all, ({ kind }) => kind)].map(([kind, guards]) => {
    const lines = guards.map(({ name }) => `- \`${name}\` → ${verdictText(name, tried.get(name))}`);
    return [`## ${TITLES[kind]}`, "", ...lines].join("\n");
  });
  const sums = `${verdicts.length} of ${all.length} guards tried. The absence of ${verdicts.length - nothing.length} was found; ${behind} are second locks; ${nothing.length - behind} nothing found.`;
  return `${HEAD}\n${sums}\n\n${parts.join("\n\n")}\n`;
}

function verdictText(name: string, foundBy: string | null | undefined): string {
  if (foundBy === undefined) return NOT_TRIED;
  if (foundBy !== null) return foundBy;
  const reason = secondLock(name);
  return reason === null ? `**${NOTHING_FAILED}**` : `${NOTHING_FAILED}: ${reason}`;
}
