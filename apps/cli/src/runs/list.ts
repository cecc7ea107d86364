import type { RunHead } from "../connection/answers.ts";
import { allPages, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { ago, duration } from "../terminal/quantity.ts";
import { paintState, stateMark } from "../terminal/state-mark.ts";
import { type FilterOptions, filterOf } from "./run-filter.ts";
import { type Column, tableLines } from "../terminal/table.ts";

interface Options extends FilterOptions {
  readonly limit: number;
  readonly json?: boolean;
}

/** `weir runs list` */
export async function list(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const filter = filterOf(options);
  const runs = await withCloud(io, async (cloud) => {
    const found = await allPages(
      async (page) => (await cloud.ask("FlowRuns", { filter, ...page })).flowRuns,
      options.limit,
    );
    const heads = found.map(async ({ sealKeys, ...run }) =>
      // The table shows nothing that may be sealed: only a document tells why runs ended.
      options.json ? await cloud.reader.open(sealKeys, run) : run,
    );
    return await Promise.all(heads);
  });
  if (options.json) printDocument(io, { flowRuns: runs });
  else if (runs.length === 0) line(io, "No runs. Start one with `weir run FILE`.");
  else for (const text of tableLines(io, columns(io), runs)) line(io, text);
  return EXIT.ok;
}

function columns(io: Io): Column<RunHead>[] {
  const now = Date.now();
  return [
    { title: "id", width: 36, text: ({ id }) => id },
    {
      title: "state",
      width: 12,
      text: ({ state }) => `${stateMark(state)} ${state}`,
      paint: (text, { state }) => paintState(io, state, text),
    },
    { title: "flow", width: 18, text: ({ flow }) => cleanLine(flow.name) },
    { title: "created", width: 9, align: "right", text: ({ createdAt }) => ago(Date.parse(createdAt), now) },
    { title: "took", width: 10, align: "right", text: tookText },
  ];
}

function tookText({ startedAt, endedAt }: RunHead): string {
  return startedAt && endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : "";
}
