import type { FlowVersion } from "../connection/flow-answers.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { ago } from "../terminal/quantity.ts";
import { type Column, tableLines } from "../terminal/table.ts";
import { readVersions } from "./find-flow.ts";

interface Options {
  readonly project: string;
  readonly json?: boolean;
}

/** `weir flows versions FLOW` */
export async function versions(io: Io, [name = ""]: readonly string[], { project, json }: Options): Promise<ExitCode> {
  const found = await withCloud(io, (cloud) => readVersions(cloud, project, name));
  if (json) printDocument(io, { versions: found });
  else for (const text of tableLines(io, columns(found, Date.now()), found)) line(io, text);
  return EXIT.ok;
}

function columns(all: readonly FlowVersion[], now: number): Column<FlowVersion>[] {
  const current = all.find(({ archivedAt }) => archivedAt === null);
  const stands = (version: FlowVersion) =>
    version === current ? "runs" : version.archivedAt === null ? "kept" : "archived";
  return [
    { title: "version", width: 8, text: ({ number }) => String(number) },
    { title: "", width: 9, text: stands },
    { title: "registered", width: 12, text: ({ createdAt }) => ago(Date.parse(createdAt), now) },
    { title: "content", width: 13, text: ({ contentDigest }) => contentDigest.slice(0, 12) },
    { title: "", width: 40, text: ({ description }) => cleanLine(description ?? "") },
  ];
}
