import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { NamedStatistics } from "./statistics.ts";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const minutes = (value: number) => value.toFixed(value % 1 === 0 ? 0 : 1);

export interface Report {
  readonly markdown: string;
  readonly json: {
    readonly parameters: { readonly top: number; readonly minDelay: number };
    readonly airports: readonly NamedStatistics[];
  };
}

/** The report as Markdown for people and as JSON for programs. */
export function renderReport(rows: readonly NamedStatistics[], parameters: { top: number; minDelay: number }): Report {
  const lines = rows.map(
    (row, index) =>
      `| ${index + 1} | ${row.airport} (${row.iata}) | ${row.flights} | ${percent(row.late)} | ${minutes(row.mean)} | ${minutes(row.median)} | ${minutes(row.p90)} |`,
  );
  const markdown = [
    `# Delays at the ${rows.length} busiest airports, January to March 2001`,
    "",
    `A flight is late from ${parameters.minDelay} minutes on. Delays are in minutes.`,
    "",
    "| | airport | flights | late | mean | median | 90th percentile |",
    "|---:|---|---:|---:|---:|---:|---:|",
    ...lines,
    "",
  ].join("\n");
  return { markdown, json: { parameters, airports: rows } };
}

/** Writes both forms below the flow's own directory and says where. */
export async function writeReport(report: Report, name: string): Promise<{ markdown: string; json: string }> {
  const directory = join(import.meta.dirname, ".weir", "reports");
  await mkdir(directory, { recursive: true });
  const markdown = join(directory, `${name}.md`);
  const json = join(directory, `${name}.json`);
  await writeFile(markdown, report.markdown);
  await writeFile(json, `${JSON.stringify(report.json, null, 2)}\n`);
  return { markdown: pathToFileURL(markdown).href, json: pathToFileURL(json).href };
}
