/** How often each kind of request was answered by each code, or `served`. */
export type Tally = Map<string, Map<string, number>>;

interface Reported {
  readonly tally: Tally;
  readonly seed: number;
  readonly inputs: number;
  readonly growth: number;
  readonly limit: number;
}

const mib = (bytes: number) => `${(bytes / (1 << 20)).toFixed(1)} MiB`;

/** The report of a run, in Markdown. */
export function hostileReport({ tally, seed, inputs, growth, limit }: Reported): string {
  const rows = [...tally]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([kind, codes]) => {
      const all = [...codes.values()].reduce((sum, count) => sum + count, 0);
      const told = [...codes].toSorted(([, one], [, other]) => other - one).map(([code, count]) => `${code} ${count}`);
      return `| ${kind} | ${all} | ${told.join(", ")} |`;
    });
  return `# Hostile input

Written by \`pnpm hostile\`; do not edit it by hand. ${inputs} requests, generated from the GraphQL schema and from the schemas of the run door's messages
(seed ${seed}), were sent with good credentials to a cloud that held another tenant's data.

- None was answered with a 5xx or the code INTERNAL, and the cloud's log has no error.
- None was told a text of the other tenant, a statement, a stack or a path; the other tenant's rows are the same to the bit.
- Every refusal carries a code of the one catalogue.
- The process holds ${mib(growth)} more at the end than after the first fifth; at most ${mib(limit)} are allowed.

| what was sent | requests | answered |
|---|---:|---|
${rows.join("\n")}
`;
}
