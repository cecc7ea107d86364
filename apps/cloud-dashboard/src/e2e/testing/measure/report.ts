/** One figure beside its budget. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly budget: number;
  /** What is better. */
  readonly better: "less" | "more";
  readonly how: string;
}

/** Whether a figure keeps its budget, as it is written: a screen's 60 frames a second are 59.9 by any clock. */
export function keeps({ value, budget, better }: Figure): boolean {
  return better === "less" ? Math.round(value) <= budget : Math.round(value) >= budget;
}

/** The page of docs. */
export function reportOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, value, unit, budget, better, how } = figure;
    const sign = better === "less" ? "≤" : "≥";
    return `| ${name} | ${Math.round(value)} ${unit} | ${sign} ${budget} ${unit} | ${keeps(figure) ? "yes" : "**no**"} | ${how} |`;
  });
  return [
    "# How fast the dashboard is",
    "",
    "Written by `node apps/cloud-dashboard/src/e2e/measure-main.ts`: Debian's Chromium without a screen and without a GPU, the cloud, its Postgres and an agent",
    "on the same two cores. What is counted, not timed (the size of the first load), is a test as well.",
    "",
    "| what | measured | budget | kept | how |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
