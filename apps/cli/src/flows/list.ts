import type { ListedFlow } from "../connection/flow-answers.ts";
import { allPages, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { type Column, tableLines } from "../terminal/table.ts";

const COLUMNS: Column<ListedFlow>[] = [
  { title: "flow", width: 30, text: ({ name }) => cleanLine(name) },
  { title: "project", width: 16, text: ({ project }) => cleanLine(project.name) },
  {
    title: "version",
    width: 8,
    text: ({ currentVersion }) => (currentVersion === null ? "none" : String(currentVersion.number)),
  },
  { title: "", width: 40, text: ({ description }) => cleanLine(description ?? "") },
];

/** `weir flows list` */
export async function list(io: Io, _args: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const flows = await withCloud(io, (cloud) => allPages(async (page) => (await cloud.ask("Flows", page)).flows));
  if (options.json) printDocument(io, { flows });
  else if (flows.length === 0) line(io, "There is no flow yet. Register one: weir register FILE");
  else for (const text of tableLines(io, COLUMNS, flows)) line(io, text);
  return EXIT.ok;
}
