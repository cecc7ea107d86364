import { posix } from "node:path";
import type { TaskRun } from "../connection/answers.ts";
import type { Io } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { bytes } from "../terminal/quantity.ts";
import { shortPath } from "../terminal/short-path.ts";
import { fit, pad } from "../terminal/width.ts";

/** Where one result lies; children of a map are one row. */
export interface ResultRow {
  readonly task: string;
  /** Locations of all of them. */
  readonly locations: readonly string[];
  readonly bytes: number;
  readonly mapped: boolean;
}

/** Results by task, in order of the calls. */
export function resultRows(taskRuns: readonly TaskRun[]): ResultRow[] {
  const written = taskRuns.filter(({ location }) => location !== null);
  const groups = Map.groupBy(written, ({ number, parent, mapIndex }) =>
    mapIndex === null ? number : (parent ?? number),
  );
  return [...groups].map(([number, runs]) => ({
    task: taskRuns.find((run) => run.number === number)?.task ?? runs[0]?.task ?? "",
    locations: runs.map(({ location }) => location ?? ""),
    bytes: runs.reduce((sum, { resultBytes }) => sum + (resultBytes ?? 0), 0),
    mapped: runs.some(({ mapIndex }) => mapIndex !== null),
  }));
}

const NAME = 26;
const SIZE = 10;

/** Where each result lies: the folder once, then the files. */
export function resultLines(io: Io, taskRuns: readonly TaskRun[]): string[] {
  const rows = resultRows(taskRuns);
  if (rows.length === 0) return [io.paint.dim("  no task wrote a result")];
  const paths = new Map(rows.flatMap(({ locations }) => locations).map((location) => [location, pathOf(io, location)]));
  const folder = commonFolder([...paths.values()]);
  return [
    `  ${io.paint.dim("in")} ${cleanLine(folder)}`,
    ...rows.map((row) => {
      const files = [...new Set(row.locations.map((location) => (paths.get(location) ?? "").slice(folder.length)))];
      const label = row.mapped ? `${row.task} ×${row.locations.length}` : row.task;
      const where = files.length > 2 ? `${files[0]} … ${files.at(-1)}` : files.join(", ");
      const room = io.columns - NAME - SIZE - 6;
      const size = io.paint.dim(pad(bytes(row.bytes), SIZE, "start"));
      return `  ${pad(fit(cleanLine(label), NAME), NAME)}  ${pad(fit(cleanLine(where), room), room)} ${size}`;
    }),
  ];
}

/** The file of a location. Small results share one; where in it they lie stands behind the #. */
function pathOf(io: Io, location: string): string {
  try {
    return shortPath(io.cwd, location.replace(/#.*$/, ""));
  } catch {
    return location;
  }
}

function commonFolder(paths: readonly string[]): string {
  const [first = "", ...others] = paths;
  let folder = `${posix.dirname(first)}/`;
  while (folder.length > 1 && !others.every((path) => path.startsWith(folder))) folder = folder.replace(/[^/]*\/$/, "");
  return first.startsWith(folder) ? folder : "";
}
