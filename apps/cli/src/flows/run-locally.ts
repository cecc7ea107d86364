import { type ChildProcess, fork } from "node:child_process";
import { statSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { Json } from "@weir/protocol";
import { isSuccessful } from "@weir/protocol/state";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { chosenFlow } from "../runs/start.ts";
import { clean, cleanLine } from "../terminal/clean.ts";
import { paintState, stateMark } from "../terminal/state-mark.ts";
import { pad, wrap } from "../terminal/width.ts";
import type { LocalAnswer, LocalOrder, LocalTaskRun } from "./local-messages.ts";

interface Options {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly flow?: string;
  readonly json?: boolean;
}

/** `weir run FILE --local`: no cloud, no agent; the value is shown, since it stays on this machine. */
export async function runLocally(io: Io, target: string, options: Options): Promise<ExitCode> {
  const file = resolve(io.cwd, target);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new CliError(
      EXIT.usage,
      "FLOW_NOT_LOADED",
      `There is no file ${file}. --local runs a flow's file, such as flows/report.flow.ts.`,
    );
  const answer = await ask(io, { file, flow: options.flow ?? null, parameters: options.parameters });
  if (answer.kind === "not-loaded") throw new CliError(EXIT.usage, "FLOW_NOT_LOADED", clean(answer.problem));
  if (answer.kind === "ambiguous") {
    chosenFlow(answer.flows, target, options.flow);
    throw new CliError(
      EXIT.usage,
      "FLOW_NOT_LOADED",
      `${file} holds two flows of one name. Give each a name of its own.`,
    );
  }
  if (answer.failure?.code === "PARAMETERS_INVALID")
    throw new CliError(EXIT.usage, "PARAMETERS_INVALID", clean(answer.failure.message));
  if (options.json) printDocument(io, { ...answer, kind: undefined, value: asJson(answer.value) });
  else for (const text of lines(io, answer)) line(io, text);
  return isSuccessful(answer.state) ? EXIT.ok : EXIT.failed;
}

async function ask(io: Io, order: LocalOrder): Promise<LocalAnswer> {
  const main = fileURLToPath(new URL(`./local-main${extname(import.meta.filename)}`, import.meta.url));
  // The user's own program with the user's own environment, but for Weir's: user code never holds a credential of the cloud.
  const env = Object.fromEntries(Object.entries(io.env).filter(([name]) => !name.startsWith("WEIR_")));
  const child = fork(main, [], {
    cwd: dirname(order.file),
    env,
    stdio: ["ignore", 2, 2, "ipc"],
    serialization: "advanced",
    detached: true,
  });
  const stop = (): void => killGroup(child);
  io.interrupted.addEventListener("abort", stop, { once: true });
  try {
    child.send(order);
    const answer = await answerOf(child);
    io.interrupted.throwIfAborted();
    return answer;
  } finally {
    io.interrupted.removeEventListener("abort", stop);
    killGroup(child);
  }
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

async function answerOf(child: ChildProcess): Promise<LocalAnswer> {
  return await new Promise((done, failed) => {
    child.once("message", (message) => done(message as LocalAnswer)).once("error", failed);
    child.once("exit", (code, signal) => done(crashed(signal === null ? `with exit code ${code}` : `by ${signal}`)));
  });
}

function crashed(how: string): LocalAnswer {
  const failure = {
    name: "ProcessEnded",
    message: `The flow's process ended ${how} before the flow did.`,
    code: "PROCESS_EXITED" as const,
  };
  return { kind: "ran", state: "Crashed", failure, taskRuns: [] };
}

function asJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value ?? null)) as unknown;
  } catch {
    return inspect(value);
  }
}

function lines(io: Io, { state, value, failure, taskRuns }: Extract<LocalAnswer, { kind: "ran" }>): string[] {
  const why = failure === undefined ? [] : wrap(cleanLine(`${failure.name}: ${failure.message}`), io.columns - 2);
  return [
    ...taskLines(io, taskRuns, undefined, 0),
    `${paintState(io, state, `${stateMark(state)} ${state}`)}  ${io.paint.dim("in memory, without a cloud")}`,
    ...why.map((text) => `  ${text}`),
    ...(value === undefined ? [] : [clean(inspect(value, { depth: 4, maxArrayLength: 20, breakLength: io.columns }))]),
  ];
}

/** A line for each task run that is no child of a map; what a subflow calls stands below it. */
function taskLines(io: Io, taskRuns: readonly LocalTaskRun[], parent: number | undefined, depth: number): string[] {
  const here = taskRuns.filter((run) => run.parent === parent && run.mapIndex === undefined);
  return here.flatMap((run) => {
    const children = taskRuns.filter((other) => other.parent === run.number && other.mapIndex !== undefined);
    return [taskLine(io, run, children, depth), ...taskLines(io, taskRuns, run.number, depth + 1)];
  });
}

function taskLine(io: Io, run: LocalTaskRun, children: readonly LocalTaskRun[], depth: number): string {
  const count = children.length === 0 ? "" : ` ×${children.length}`;
  const tries = Math.max(run.tryNumber, ...children.map(({ tryNumber }) => tryNumber));
  const note = [tries > 1 ? `${tries} tries` : "", run.failure?.message ?? run.message ?? ""]
    .filter((text) => text !== "")
    .join(" · ");
  return `  ${paintState(io, run.state, stateMark(run.state))} ${pad("  ".repeat(depth) + cleanLine(run.task) + count, 30)} ${io.paint.dim(cleanLine(note))}`.trimEnd();
}
