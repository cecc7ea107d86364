import type { KvEntry } from "../connection/flow-answers.ts";
import { allPages, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { ago } from "../terminal/quantity.ts";
import { type Column, tableLines } from "../terminal/table.ts";

interface Options {
  readonly prefix?: string;
  readonly json?: boolean;
}

/** `weir kv list` */
export async function list(io: Io, _args: readonly string[], { prefix, json }: Options): Promise<ExitCode> {
  const begin = prefix === undefined ? {} : { prefix };
  const entries = await withCloud(io, async (cloud) => {
    const found = await allPages(async (page) => (await cloud.ask("KvEntries", { ...begin, ...page })).kvEntries);
    return await cloud.reader.open([], found);
  });
  if (json) printDocument(io, { entries });
  else if (entries.length === 0) line(io, "There is no key. Write one: weir kv set KEY VALUE");
  else for (const text of tableLines(io, columns(Date.now()), entries)) line(io, text);
  return EXIT.ok;
}

const columns = (now: number): Column<KvEntry>[] => [
  { title: "key", width: 30, text: ({ key }) => cleanLine(key) },
  { title: "version", width: 8, text: ({ version }) => String(version) },
  { title: "written", width: 10, text: ({ updatedAt }) => ago(Date.parse(updatedAt), now) },
  { title: "value", width: 45, text: ({ value }) => cleanLine(JSON.stringify(value)) },
];
