// The flow that is killed over and over: 30 executions, one after another, side by side, mapped and handed on.
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { flow, run, task } from "@weir/sdk";

type Parameters = {
  /** File that every execution is appended to. */
  readonly effects: string;
  /** How long a task takes, milliseconds. */
  readonly paceMs: number;
};

let lines = 0;

function leave(kind: "task" | "log" | "stdout", label: string, text?: string): void {
  const { effects } = run.parameters as Parameters;
  const { flowRunId, attempt, tryNumber } = run;
  const effect = { kind, run: flowRunId, task: label, attempt, tryNumber, pid: process.pid, at: Date.now(), text };
  appendFileSync(effects, `${JSON.stringify(effect)}\n`);
}

/** One execution: it happened, it says so in two ways, it takes its time. */
async function happen(label: string): Promise<void> {
  const { paceMs } = run.parameters as Parameters;
  await sleep(paceMs / 2);
  leave("task", label);
  lines += 1;
  const text = `line ${lines}: ${label}`;
  leave("log", label, text);
  run.log.info(text);
  leave("stdout", label, text);
  console.log(text);
  await sleep(paceMs / 2);
}

const step = task("step", async (value: number, index: number) => {
  await happen(`step ${index}`);
  return value + index;
});

const square = task("square", async (value: number) => {
  await happen(`square ${run.mapIndex}`);
  return value * value;
});

const branch = task("branch", async (value: number, index: number) => {
  await happen(`branch ${index}`);
  return value * index;
});

const sum = task("sum", async (squares: readonly number[], branches: readonly number[]) => {
  await happen("sum");
  return [...squares, ...branches].reduce((total, value) => total + value, 0);
});

export default flow("thirty", async () => {
  let value = await step(0, 0);
  for (let index = 1; index < 10; index += 1) value = await step(value, index);
  const squares = square.map([0, 1, 2, 3, 4, 5, 6, 7]);
  const branches = await Promise.all([0, 1, 2, 3, 4, 5].map((index) => branch(value, index)));
  let total = sum(squares, branches);
  for (let index = 10; index < 15; index += 1) total = step(total, index);
  run.log.info(`total ${await total}`);
});
