import type { LogLevel } from "@weir/protocol";
import { isFinished } from "@weir/protocol/state";
import type { RunState, TaskRun } from "../connection/answers.ts";
import type { Io } from "../io.ts";
import { doneCells } from "../terminal/bar.ts";
import { cleanLine } from "../terminal/clean.ts";
import { bytes, duration } from "../terminal/quantity.ts";
import { paintState, stateMark } from "../terminal/state-mark.ts";
import { fit, pad, wrap } from "../terminal/width.ts";
import type { Happening, MapProgress } from "./run-view.ts";

/** Cells of the column with the time since the run began, and of the one with names. */
const TIME = 9;
const NAME = 22;

/** The lines of one happening. `since` is the moment that the times count from. */
export function happeningLines(io: Io, happening: Happening, since: number): string[] {
  const time = io.paint.dim(pad(duration(Math.max(0, happening.at - since)), TIME, "start"));
  if (happening.kind === "log") return logLines(io, happening, time);
  const [first = "", ...rest] =
    happening.kind === "flow" ? flowText(io, happening.state) : taskText(io, happening.taskRun);
  return [`${time}  ${first}`, ...rest.map((text) => `${" ".repeat(TIME + 2)}${text}`)];
}

function flowText(io: Io, { state, message, failure }: RunState): string[] {
  const said = message ?? failure?.message ?? "";
  const name = `${stateMark(state)} ${state}`;
  return withText(io, paintState(io, state, said === "" ? name : pad(name, NAME + 2)), said);
}

function taskText(io: Io, taskRun: TaskRun): string[] {
  const { state, mapIndex, tryNumber } = taskRun;
  const label = fit(cleanLine(taskRun.name ?? taskRun.task) + (mapIndex === null ? "" : `[${mapIndex}]`), NAME);
  // Mapped says that the children exist; how they fare is told by the bar.
  const mark =
    state === "Mapped" ? paintState(io, "Running", stateMark("Running")) : paintState(io, state, stateMark(state));
  const head = `${mark} ${pad(label, NAME)}`;
  if (state === "Running") return [`${head}  ${io.paint.dim(tryNumber > 1 ? `running, try ${tryNumber}` : "running")}`];
  return withText(io, head, taskOutcome(taskRun));
}

function taskOutcome({
  state,
  message,
  failure,
  startedAt,
  endedAt,
  resultBytes,
  tryNumber,
  mapCount,
}: TaskRun): string {
  const took = isFinished(state) && startedAt && endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : null;
  const parts = [
    state === "Success" || state === "Mapped" ? null : state,
    mapCount === null ? null : `mapped over ${mapCount}`,
    took,
    tryNumber > 1 && isFinished(state) ? `${tryNumber} tries` : null,
    resultBytes === null ? null : bytes(resultBytes),
    state === "Success" || state === "Mapped" ? null : (message ?? failure?.message ?? null),
  ];
  return parts.filter((part) => part !== null && part !== "").join(" · ");
}

/** A head, and beside it a text that may need several lines. */
function withText(io: Io, head: string, text: string): string[] {
  const room = io.columns - TIME - 2 - NAME - 4;
  const [first = "", ...rest] = wrap(cleanLine(text), room).slice(0, 4);
  return [`${head}  ${first}`.trimEnd(), ...rest.map((more) => `${" ".repeat(NAME + 4)}${more}`)];
}

const LEVEL_MARKS: Readonly<Record<LogLevel, string>> = {
  trace: "·",
  debug: "·",
  info: "│",
  warn: "!",
  error: "‼",
  fatal: "‼",
};

function logLines(io: Io, log: Extract<Happening, { kind: "log" }>, time: string): string[] {
  const { paint } = io;
  const loud = log.level === "warn" ? paint.yellow : paint.red;
  const calm = LEVEL_MARKS[log.level] === "·" || LEVEL_MARKS[log.level] === "│";
  const mark = calm ? paint.dim(LEVEL_MARKS[log.level]) : loud(LEVEL_MARKS[log.level]);
  const from = log.task ?? (log.logger === "flow" ? "" : log.logger);
  const text = from === "" ? log.text : `${from}: ${log.text}`;
  const room = io.columns - TIME - 4;
  const lines = text.split("\n").flatMap((line) => wrap(line.replaceAll("\t", "  "), room));
  return lines.map(
    (line, index) => `${index === 0 ? time : " ".repeat(TIME)}  ${mark} ${calm ? paint.dim(line) : line}`,
  );
}

const BAR = 32;

/** A bar for a mapped task. */
export function progressLine(io: Io, { task, finished, total }: MapProgress): string {
  const done = doneCells(finished, total, BAR);
  const bar = io.paint.blue("━".repeat(done)) + io.paint.dim("─".repeat(BAR - done));
  const name = pad(fit(cleanLine(task), NAME), NAME);
  const mark = finished < total ? io.paint.blue("●") : io.paint.green("✓");
  return `${" ".repeat(TIME)}  ${mark} ${name}  ${bar}  ${finished} / ${total}`;
}

/** A task that runs now, in the live region. */
export function runningLine(io: Io, taskRun: TaskRun, now: number): string {
  const name = pad(fit(cleanLine(taskRun.name ?? taskRun.task), NAME), NAME);
  const elapsed = taskRun.startedAt === null ? "" : duration(Math.max(0, now - Date.parse(taskRun.startedAt)));
  return `${" ".repeat(TIME)}  ${io.paint.blue("●")} ${name}  ${io.paint.dim(elapsed)}`;
}
