import type { Guard, GuardKind } from "./guard.ts";

/** What became of a guard that was taken out: the first test that failed, or null when none did. */
export interface Verdict {
  readonly guard: Guard;
  readonly foundBy: string | null;
}

const HEAD = `# Guards between tenants and people, taken out one at a time

Written by \`pnpm guards\`; do not edit it by hand. Each line is a guard of the cloud that was taken out of a copy of the repository; the test behind the
arrow was the first that failed. Guards are found in the sources by what they look like, so those are among them that are added later.
`;

const TITLES: Readonly<Record<GuardKind, string>> = {
  policy: "Policies of row-level security",
  permission: "Permissions",
  route: "Who may call a route",
  scope: "The tenant in the statements (with the policies open, so that code alone has to hold)",
};

/** The report on all guards, by kind. */
export function guardsReport(verdicts: readonly Verdict[]): string {
  const survivors = verdicts.filter(({ foundBy }) => foundBy === null).length;
  const byKind = Map.groupBy(verdicts, ({ guard }) => guard.kind);
  const parts = [...byKind].map(([kind, list]) => {
    const lines = list.map(({ guard, foundBy }) => `- \`${guard.name}\` → ${foundBy ?? "**nothing failed**"}`);
    return [`## ${TITLES[kind]}`, "", ...lines].join("\n");
  });
  return `${HEAD}\n${verdicts.length} guards, ${survivors} whose absence nothing found.\n\n${parts.join("\n\n")}\n`;
}
