import { isSuccessful } from "@weir/protocol/state";
import type { Stack } from "../dev/stack.ts";
import type { Io } from "../io.ts";
import { timelineLines } from "../runs/timeline.ts";
import { cleanLine } from "../terminal/clean.ts";
import { duration } from "../terminal/quantity.ts";
import { shortPath } from "../terminal/short-path.ts";
import { paintState, stateMark } from "../terminal/state-mark.ts";
import { wrap } from "../terminal/width.ts";
import type { DemoRun } from "./demo.ts";
import { classLegend, holdingLines, registrationLines } from "./holdings.ts";
import { reportLines, reportsOf } from "./report.ts";
import { resultLines } from "./results.ts";

/** What the demo shows of its run, from the timeline to everything that the cloud knows. */
export function summaryLines(io: Io, told: DemoRun, stack: Stack): string[] {
  const { view, run, holdings, flow } = told;
  return [
    "",
    ...endLines(io, told, stack),
    ...section(
      io,
      "Timeline",
      "one bar per task, a mapped task with all its children",
      timelineLines(io, view.taskRuns, Date.now()),
    ),
    ...section(
      io,
      "Results",
      "on this machine; the cloud knows the paths, never the contents",
      resultLines(io, view.taskRuns),
    ),
    ...section(io, "What the flow made for people", "", reportLines(io, reportsOf(run.artifacts))),
    ...section(io, "Everything the cloud now knows about this run", "read from all of its tables", [
      ...holdingLines(io, holdings),
      ...(flow === null ? [] : registrationLines(io, flow)),
    ]),
    ...section(io, "What these classes are", "no other class of data crosses the line", classLegend(io, holdings)),
    "",
  ];
}

function section(io: Io, title: string, remark: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ["", `${io.paint.bold(title)}${remark === "" ? "" : io.paint.dim(`  ${remark}`)}`, ...lines];
}

function endLines(io: Io, { run }: DemoRun, { agent }: Stack): string[] {
  const { state, startedAt, endedAt } = run;
  const took = startedAt && endedAt ? ` after ${duration(Date.parse(endedAt) - Date.parse(startedAt))}` : "";
  const first = `${paintState(io, state, io.paint.bold(`${stateMark(state)} ${state}`))}${took}  ${io.paint.dim(cleanLine(run.name))}`;
  if (isSuccessful(state)) return [first];
  const why = run.failure?.message ?? run.message ?? "";
  const log = agent.logFile === null ? "" : `The agent's log: ${shortPath(io.cwd, agent.logFile)}`;
  return [
    first,
    ...[why, log]
      .filter((text) => text !== "")
      .flatMap((text) => wrap(cleanLine(text), io.columns - 2))
      .map((text) => `  ${text}`),
  ];
}
