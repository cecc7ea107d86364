import type { Json } from "@weir/protocol";
import { isTerminal } from "@weir/protocol/state";
import type { RunDetails, RunState, TaskRun } from "../connection/answers.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { duration } from "../terminal/quantity.ts";
import { paintState, stateMark } from "../terminal/state-mark.ts";
import { fit, pad, wrap } from "../terminal/width.ts";
import { checkedId } from "./checked-id.ts";
import { FORGOTTEN } from "./forgotten.ts";
import { readRun, readTaskRuns } from "./read-run.ts";
import { timelineLines } from "./timeline.ts";

/** `weir runs show ID` */
export async function show(io: Io, [given = ""]: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const id = checkedId(given);
  const { run, taskRuns } = await withCloud(io, async (cloud) => ({
    run: await readRun(cloud, id),
    taskRuns: await readTaskRuns(cloud, id),
  }));
  if (options.json) printDocument(io, { flowRun: run, taskRuns });
  else
    for (const text of [
      ...headLines(io, run),
      ...waitingLines(io, run),
      "",
      ...historyLines(io, run),
      "",
      ...taskLines(io, run, taskRuns),
      ...waitLines(io, run, taskRuns),
    ])
      line(io, text);
  return EXIT.ok;
}

function headLines(io: Io, run: RunDetails): string[] {
  const { state, startedAt, endedAt, flow, flowVersion } = run;
  const took = startedAt && endedAt ? `  ${duration(Date.parse(endedAt) - Date.parse(startedAt))}` : "";
  const fields: [string, string][] = [
    ["id", run.id],
    ["flow", `${flow.name}, version ${flowVersion.number}, project ${flow.project.name}`],
    ["agent", run.agent?.name ?? "none yet"],
    ["attempt", `${run.attempt}${run.recoveries > 0 ? `, ${run.recoveries} after a lost lease` : ""}`],
    ["parameters", run.parameters === null ? "not shown: this needs parameter:read" : compact(run.parameters)],
    ["labels", run.labels.join(", ")],
    ["artifacts", run.artifacts.map(({ name, kind }) => `${name} (${kind})`).join(", ")],
  ];
  const shown = fields.filter(([, value]) => value !== "");
  return [
    `${io.paint.bold(cleanLine(run.name))}  ${paintState(io, state, `${stateMark(state)} ${state}`)}${io.paint.dim(took)}`,
    ...shown.map(([name, value]) => `  ${io.paint.dim(pad(name, 11))} ${fit(cleanLine(value), io.columns - 14)}`),
  ];
}

/** Why it waits, whole, and what to type about it. */
function waitingLines(io: Io, { waiting }: RunDetails): string[] {
  if (waiting === null) return [];
  const lines = wrap(cleanLine(waiting.sentence), io.columns - 14);
  const command = waiting.command === null ? [] : [waiting.command];
  return [...lines, ...command].map((text, i) => `  ${io.paint.dim(pad(i === 0 ? "waits" : "", 11))} ${text}`);
}

const compact = (value: Json): string => JSON.stringify(value);

function historyLines(io: Io, run: RunDetails): string[] {
  const room = io.columns - 42;
  return [
    io.paint.dim("History"),
    ...run.states.flatMap((row) => {
      const [first = "", ...rest] = wrap(cleanLine(said(row)), room);
      const head = `  ${io.paint.dim(row.at)}  ${paintState(io, row.state, pad(`${stateMark(row.state)} ${row.state}`, 13))}`;
      return [`${head} ${first}`.trimEnd(), ...rest.map((text) => `${" ".repeat(41)}${text}`)];
    }),
  ];
}

const said = ({ message, failure }: RunState): string => message ?? failure?.message ?? "";

function taskLines(io: Io, run: RunDetails, taskRuns: readonly TaskRun[]): string[] {
  if (run.isForgotten) return wrap(FORGOTTEN, io.columns);
  if (taskRuns.length === 0) return [io.paint.dim("No task has begun.")];
  return [io.paint.dim("Tasks"), ...timelineLines(io, taskRuns, Date.now())];
}

/** What a person can do about a run that waits for one, word for word. */
function waitLines(io: Io, { id, state, pauseAsked }: RunDetails, taskRuns: readonly TaskRun[]): string[] {
  const open = isTerminal(state) ? [] : taskRuns.filter((one) => one.state === "Paused" && one.approvedAt === null);
  const lines = open.flatMap(({ number, task, name, message }) => [
    `  ${cleanLine(name ?? task)}${message === null ? "" : `: ${fit(cleanLine(message), io.columns - 40)}`}`,
    `    weir runs approve ${id} ${number}`,
  ]);
  const paused = state === "Paused" && pauseAsked ? ["  the run is paused", `    weir runs resume ${id}`] : [];
  return lines.length + paused.length === 0 ? [] : ["", io.paint.dim("Waits for a person"), ...lines, ...paused];
}
