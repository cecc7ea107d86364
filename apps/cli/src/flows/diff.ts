import type { Json } from "@weir/protocol";
import type { VersionChange, VersionDiff } from "../connection/flow-answers.ts";
import { type Cloud, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { fit } from "../terminal/width.ts";
import { readVersions, versionOf } from "./find-flow.ts";

interface Options {
  readonly project: string;
  readonly json?: boolean;
}

/** `weir flows diff FLOW FROM [TO]` */
export async function diff(io: Io, args: readonly string[], { project, json }: Options): Promise<ExitCode> {
  const [name = "", from = "", to] = args;
  const found = await withCloud(io, (cloud) => readDiff(cloud, { project, name, from: Number(from), to }));
  if (json) printDocument(io, { diff: found });
  else for (const text of diffLines(io, found)) line(io, text);
  return EXIT.ok;
}

async function readDiff(
  cloud: Cloud,
  { project, name, from, to }: { project: string; name: string; from: number; to: string | undefined },
): Promise<VersionDiff> {
  const versions = await readVersions(cloud, project, name);
  const before = versionOf(versions, name, from);
  const after = to === undefined ? (versions[0] ?? before) : versionOf(versions, name, Number(to));
  const asked = { project, name, number: after.number, with: before.id };
  const { flow } = await cloud.ask("FlowVersionDiff", asked);
  const found = flow?.version?.diff ?? null;
  if (found === null) return { fromNumber: from, toNumber: after.number, changes: [], parameterChanges: null };
  return await cloud.reader.open([], found);
}

function diffLines(io: Io, { fromNumber, toNumber, changes, parameterChanges }: VersionDiff): string[] {
  const all = [...changes, ...(parameterChanges ?? [])];
  const hidden =
    parameterChanges === null
      ? [io.paint.dim("Defaults and schedules are not shown to you: that takes parameter:read.")]
      : [];
  if (all.length === 0) return [`Versions ${fromNumber} and ${toNumber} are the same.`, ...hidden];
  const parts = Map.groupBy(all, ({ part }) => part);
  return [
    `From version ${fromNumber} to version ${toNumber}`,
    ...[...parts].flatMap(([part, own]) => [
      "",
      io.paint.dim(TITLES[part] ?? part),
      ...own.flatMap((one) => changeLines(io, one)),
    ]),
    ...hidden,
  ];
}

const TITLES: Readonly<Record<string, string>> = {
  parameterDefaults: "default parameters",
  runConfig: "run config",
  sdkVersion: "version of the SDK",
};

function changeLines(io: Io, { kind, name, before, after }: VersionChange): string[] {
  const what = name === null ? "" : `${cleanLine(name)} `;
  const room = io.columns - 6;
  if (kind === "added") return [io.paint.green(`  + ${fit(`${what}${shown(after, name)}`, room)}`)];
  if (kind === "removed") return [io.paint.red(`  - ${fit(`${what}${shown(before, name)}`, room)}`)];
  return [
    `  ~ ${fit(what, room)}`.trimEnd(),
    io.paint.red(`    - ${fit(shown(before, name), room)}`),
    io.paint.green(`    + ${fit(shown(after, name), room)}`),
  ];
}

/** A label is its own name: it is not told twice. */
const shown = (value: Json, name: string | null): string => (value === name ? "" : cleanLine(JSON.stringify(value)));
