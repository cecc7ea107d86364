import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { violationsOf } from "./check-story.ts";
import type { Effect } from "./effects.ts";
import type { FlowState, StoredTaskRun, Story, TaskState } from "./story.ts";

const result = join(mkdtempSync(join(tmpdir(), "weir-story-")), "result");
writeFileSync(result, "5");

const places = (task: string, count: number, from = 0) => Array.from({ length: count }, (_, index) => ({ task, index: from + index }));
const EXECUTED = [...places("step", 10), ...places("square", 8), ...places("branch", 6), ...places("sum", 1), ...places("step", 5, 10)];
const placeOf = ({ task, index }: { task: string; index: number }) => (task === "sum" ? task : `${task} ${index}`);

/** The run of an agent that died after the first task, and of its successor that did the rest. */
function goodStory(): Story {
  const attemptOf = (index: number) => (index === 0 ? 1 : 2);
  const effects = EXECUTED.flatMap((place, index): Effect[] => {
    const one = { run: "r", task: placeOf(place), attempt: attemptOf(index), tryNumber: 1, pid: 1, at: index === 0 ? 25 : 100 + index };
    const text = `line ${index === 0 ? 1 : index}: ${one.task}`;
    return [{ kind: "task", ...one }, { kind: "log", ...one, text }, { kind: "stdout", ...one, text }];
  });
  const taskRuns = [...EXECUTED, { task: "square", index: -1 }].map(({ task, index }, position): StoredTaskRun => {
    const parent = index === -1;
    const mapIndex = task === "square" && !parent ? index : null;
    const state = parent ? "Mapped" : "Success";
    return { number: position + 1, task, ordinal: Math.max(0, index), mapIndex, state, location: parent ? null : `file:${result}`, resultBytes: parent ? null : 1 };
  });
  // Flow's Running is event 1 of each attempt; then three events per task run: its success and two lines; then the last line, then the end.
  const taskStates: TaskState[] = [];
  const logs: { attempt: number; number: number; logger: string | null; text: string }[] = [];
  const next = [1, 1, 1];
  const number = (attempt: number) => (next[attempt] = (next[attempt] ?? 0) + 1);
  for (const [index, taskRun] of taskRuns.entries()) {
    const attempt = attemptOf(index);
    taskStates.push({ attempt, number: number(attempt), taskRunNumber: taskRun.number, state: taskRun.state, refused: null });
    const text = effects[index * 3]?.task;
    if (text === undefined) continue;
    const line = `line ${index === 0 ? 1 : index}: ${text}`;
    logs.push({ attempt, number: number(attempt), logger: null, text: line }, { attempt, number: number(attempt), logger: "stdout", text: line });
  }
  logs.push({ attempt: 2, number: number(2), logger: null, text: "total 875" });
  const eventNumber = number(2);
  const states: FlowState[] = [
    { version: 1, attempt: 0, state: "Scheduled", at: 0, eventNumber: null, message: null },
    { version: 2, attempt: 1, state: "Submitted", at: 10, eventNumber: null, message: null },
    { version: 3, attempt: 1, state: "Running", at: 20, eventNumber: 1, message: null },
    { version: 4, attempt: 1, state: "Scheduled", at: 30, eventNumber: null, message: "agent a fell silent" },
    { version: 5, attempt: 2, state: "Submitted", at: 40, eventNumber: null, message: null },
    { version: 6, attempt: 2, state: "Running", at: 50, eventNumber: 1, message: null },
    { version: 7, attempt: 2, state: "Success", at: 900, eventNumber, message: null },
  ];
  return { id: "r", state: "Success", stateVersion: 7, attempt: 2, eventNumber, leased: false, states, taskRuns, taskStates, logs, artifacts: [], effects };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`the good story has no item ${index}`);
  return item;
}
const without = <T>(items: readonly T[], index: number): T[] => items.toSpliced(index, 1);
const changed = <T>(items: readonly T[], index: number, change: Partial<T>): T[] =>
  items.map((item, at) => (at === (index < 0 ? items.length + index : index) ? { ...item, ...change } : item));

/** One way to break each promise, with a word of the sentence that must tell of it. */
const BROKEN: readonly [promise: string, word: string, change: (good: Story) => Partial<Story>][] = [
  ["the run ends", "not Success", () => ({ state: "Failed" })],
  ["a run that is over has no lease", "lease", () => ({ leased: true })],
  ["history has no gap", "place 3", ({ states }) => ({ states: without(states, 2) })],
  ["history has only legal moves", "goes from", ({ states }) => ({ states: changed(states, 3, { state: "Success" }) })],
  ["nothing follows an end", "goes from Success", ({ states }) => ({ states: [...states, { ...at(states, 5), version: 8 }] })],
  ["an attempt follows only when the one before is over", "claimed while", ({ states }) => ({ states: changed(states, 3, { state: "Running" }) })],
  ["history says why there is a second attempt", "no cause", ({ states }) => ({ states: changed(states, 3, { message: null }) })],
  ["a stale attempt executes nothing", "after attempt 2 was claimed", ({ effects }) => ({ effects: changed(effects, 0, { at: 41 }) })],
  ["every task is executed", "29 of 30", ({ effects }) => ({ effects: effects.slice(3) })],
  ["a task is executed once in an attempt", "twice in one attempt", ({ effects }) => ({ effects: [...effects, at(effects, 3)] })],
  ["a success is recorded", "0 times", ({ taskStates }) => ({ taskStates: without(taskStates, 4) })],
  ["a success is recorded once", "2 times", ({ taskStates }) => ({ taskStates: [...taskStates, { ...at(taskStates, 4), number: 500 }] })],
  ["every task run succeeds", "is Running", ({ taskRuns }) => ({ taskRuns: changed(taskRuns, 4, { state: "Running" }) })],
  ["what succeeded is not executed again", "executed it last", ({ effects }) => ({ effects: [...effects, { ...at(effects, 0), attempt: 2, at: 60 }] })],
  ["events have no gap", "gap or a double", ({ logs }) => ({ logs: without(logs, 4) })],
  ["events are stored once", "gap or a double", ({ logs }) => ({ logs: [...logs, at(logs, 4)] })],
  ["nothing is refused", "was refused", ({ taskStates }) => ({ taskStates: changed(taskStates, 3, { refused: "illegal" }) })],
  ["lines are in order", "log lines", ({ logs }) => ({ logs: changed(changed(logs, 2, { text: at(logs, 4).text }), 4, { text: at(logs, 2).text }) })],
  ["lines of stdout are whole", "stdout lines", ({ logs }) => ({ logs: changed(logs, 3, { text: "line 1" }) })],
  ["values survive", "the flow's own value", ({ logs }) => ({ logs: changed(logs, -1, { text: "total 874" }) })],
  ["results lie where they are said to", "is not at", ({ taskRuns }) => ({ taskRuns: changed(taskRuns, 0, { location: "file:/nowhere" }) })],
  ["results are whole", "not whole", ({ taskRuns }) => ({ taskRuns: changed(taskRuns, 0, { resultBytes: 2 }) })],
];

test("a run in which an agent died and its successor did the rest violates nothing", () => {
  expect(violationsOf(goodStory())).toEqual([]);
});

test.for(BROKEN)("a story that breaks “%s” is found out", ([, word, change]) => {
  const good = goodStory();
  expect(violationsOf({ ...good, ...change(good) }).join("\n")).toContain(word);
});
