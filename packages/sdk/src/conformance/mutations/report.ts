import type { Mutation } from "./mutation.ts";

/** What became of a mutation: the first test that failed, or null when none did. */
export interface Verdict {
  readonly mutation: Mutation;
  readonly killedBy: string | null;
}

const HEAD = `# Guards taken out, one at a time

Written by \`node packages/sdk/src/conformance/mutate.ts\`; do not edit it by hand. Each line is a guard of the engine that was taken out of a
copy of the package; the tests of the engine and the conformance suite ran against that copy, and the test behind the arrow was the first to fail.
`;

/** The report on all mutations, by file. */
export function mutationReport(verdicts: readonly Verdict[]): string {
  const survivors = verdicts.filter(({ killedBy }) => killedBy === null).length;
  const byFile = Map.groupBy(verdicts, ({ mutation }) => mutation.file);
  const parts = [...byFile].map(([file, list]) => {
    const lines = list.map(({ mutation, killedBy }) => `- ${mutation.name} → ${killedBy ?? "**survived**"}`);
    return [`## ${file}`, "", ...lines].join("\n");
  });
  return `${HEAD}\n${verdicts.length} mutations, ${survivors} survived.\n\n${parts.join("\n\n")}\n`;
}
