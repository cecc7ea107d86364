import { THIRTY } from "./check-story.ts";
import type { Effect } from "./effects.ts";
import type { FlowState, StoredLog, StoredTaskRun, Story, TaskState } from "./story.ts";

interface Place {
  readonly task: string;
  readonly index: number;
}

const places = (task: string, count: number, from = 0): Place[] =>
  Array.from({ length: count }, (_, index) => ({ task, index: from + index }));

/** What the flow under test executes, in its order. */
const EXECUTED = [
  ...places("step", 10),
  ...places("square", 8),
  ...places("branch", 6),
  ...places("sum", 1),
  ...places("step", 5, 10),
];

/** The first task belongs to the attempt that died, all others to its successor. */
const attemptOf = (index: number) => (index === 0 ? 1 : 2);
const nameOf = ({ task, index }: Place) => (task === "sum" ? task : `${task} ${index}`);
const lineOf = (place: Place, index: number) => `line ${index === 0 ? 1 : index}: ${nameOf(place)}`;

const STATES: readonly FlowState[] = [
  { version: 1, attempt: 0, state: "Scheduled", at: 0, eventNumber: null, message: null },
  { version: 2, attempt: 1, state: "Submitted", at: 10, eventNumber: null, message: null },
  { version: 3, attempt: 1, state: "Running", at: 20, eventNumber: 1, message: null },
  { version: 4, attempt: 1, state: "Scheduled", at: 30, eventNumber: null, message: "agent a fell silent" },
  { version: 5, attempt: 2, state: "Submitted", at: 40, eventNumber: null, message: null },
  { version: 6, attempt: 2, state: "Running", at: 50, eventNumber: 1, message: null },
];

/** The run of an agent that died after the first task, and of its successor that did the rest: nothing of it violates anything. */
export function goodStory(): Story {
  const taskRuns = storedTaskRuns();
  const { taskStates, logs, next } = reported(taskRuns);
  const states = [...STATES, { ...last(STATES), version: 7, state: "Success" as const, at: 900, eventNumber: next }];
  const run = { id: "r", state: "Success" as const, stateVersion: 7, attempt: 2, eventNumber: next, leased: false };
  return { ...run, states, taskRuns, taskStates, logs, artifacts: [], effects: EXECUTED.flatMap(effectsOf) };
}

function effectsOf(place: Place, index: number): Effect[] {
  const at = index === 0 ? 25 : 100 + index;
  const one = { run: "r", task: nameOf(place), attempt: attemptOf(index), tryNumber: 1, pid: 1, at };
  const text = lineOf(place, index);
  return [
    { kind: "task", ...one },
    { kind: "log", ...one, text },
    { kind: "stdout", ...one, text },
  ];
}

function storedTaskRuns(): StoredTaskRun[] {
  const children = EXECUTED.map(({ task, index }, position): StoredTaskRun => {
    const mapIndex = task === "square" ? index : null;
    const place = { number: position + 1, task, ordinal: index, mapIndex };
    const value = THIRTY.values.get(nameOf({ task, index }));
    return { ...place, state: "Success", location: "file:///results/one", result: { value } };
  });
  const parent = { number: THIRTY.taskRuns, task: "square", ordinal: 0, mapIndex: null };
  return [...children, { ...parent, state: "Mapped", location: null, result: null }];
}

/** Of each attempt event 1 is the flow's Running; then follow success and two lines of each task run, the last line and the end. */
function reported(taskRuns: readonly StoredTaskRun[]) {
  const taskStates: TaskState[] = [];
  const logs: StoredLog[] = [];
  const reached = [0, 1, 1];
  const number = (attempt: number) => (reached[attempt] = (reached[attempt] ?? 0) + 1);
  for (const [index, taskRun] of taskRuns.entries()) {
    const attempt = attemptOf(index);
    taskStates.push({
      attempt,
      number: number(attempt),
      taskRunNumber: taskRun.number,
      state: taskRun.state,
      refused: null,
    });
    const place = EXECUTED[index];
    if (place === undefined) continue;
    for (const logger of [null, "stdout"]) {
      logs.push({ attempt, number: number(attempt), logger, text: lineOf(place, index) });
    }
  }
  logs.push({ attempt: 2, number: number(2), logger: null, text: THIRTY.lastLine });
  return { taskStates, logs, next: number(2) };
}

function last<T>(items: readonly T[]): T {
  const item = items.at(-1);
  if (item === undefined) throw new Error("an empty list has no last item");
  return item;
}
