import { expect, test } from "vitest";
import { violationsOf } from "./check-story.ts";
import { goodStory } from "./good-story.ts";
import type { Story } from "./story.ts";

const good = goodStory();

const without = <T>(items: readonly T[], index: number): T[] => items.toSpliced(index, 1);

function at<T>(items: readonly T[], index: number): T {
  const item = items.at(index);
  if (item === undefined) throw new Error(`the good story has no item ${index}`);
  return item;
}

const changed = <T>(items: readonly T[], index: number, change: Partial<T>): T[] =>
  items.with(index, { ...at(items, index), ...change });

/** One way to break each promise, with a word of the sentence that must tell of it. */
const BROKEN: readonly [promise: string, word: string, change: (good: Story) => Partial<Story>][] = [
  ["the run ends", "not Success", () => ({ state: "Failed" })],
  ["a run that is over has no lease", "lease", () => ({ leased: true })],
  ["history has no gap", "place 3", ({ states }) => ({ states: without(states, 2) })],
  ["history has only legal moves", "goes from", ({ states }) => ({ states: changed(states, 3, { state: "Success" }) })],
  [
    "nothing follows an end",
    "goes from Success",
    ({ states }) => ({ states: [...states, { ...at(states, 5), version: 8 }] }),
  ],
  [
    "an attempt follows only when the one before is over",
    "claimed while",
    ({ states }) => ({ states: changed(states, 3, { state: "Running" }) }),
  ],
  [
    "history says why there is a second attempt",
    "no cause",
    ({ states }) => ({ states: changed(states, 3, { message: null }) }),
  ],
  [
    "a stale attempt executes nothing",
    "after attempt 2 was claimed",
    ({ effects }) => ({ effects: changed(effects, 0, { at: 41 }) }),
  ],
  ["every task is executed", "29 of 30", ({ effects }) => ({ effects: effects.slice(3) })],
  [
    "a task is executed once in an attempt",
    "twice in one attempt",
    ({ effects }) => ({ effects: [...effects, at(effects, 3)] }),
  ],
  ["a success is recorded", "0 times", ({ taskStates }) => ({ taskStates: without(taskStates, 4) })],
  [
    "a success is recorded once",
    "2 times",
    ({ taskStates }) => ({ taskStates: [...taskStates, { ...at(taskStates, 4), number: 500 }] }),
  ],
  [
    "every task run succeeds",
    "is Running",
    ({ taskRuns }) => ({ taskRuns: changed(taskRuns, 4, { state: "Running" }) }),
  ],
  [
    "what succeeded is not executed again",
    "executed it last",
    ({ effects }) => ({ effects: [...effects, { ...at(effects, 0), attempt: 2, at: 60 }] }),
  ],
  ["events have no gap", "gap or a double", ({ logs }) => ({ logs: without(logs, 4) })],
  ["events are stored once", "gap or a double", ({ logs }) => ({ logs: [...logs, at(logs, 4)] })],
  [
    "nothing is refused",
    "was refused",
    ({ taskStates }) => ({ taskStates: changed(taskStates, 3, { refused: "illegal" }) }),
  ],
  [
    "lines are in order",
    "log lines",
    ({ logs }) => ({ logs: changed(changed(logs, 2, { text: at(logs, 4).text }), 4, { text: at(logs, 2).text }) }),
  ],
  ["the flow tells its value", "without the flow's own value", ({ logs }) => ({ logs: logs.slice(0, -1) })],
  ["lines of stdout are whole", "stdout lines", ({ logs }) => ({ logs: changed(logs, 3, { text: "line 1" }) })],
  ["values survive", "the flow's own value", ({ logs }) => ({ logs: changed(logs, -1, { text: "total 874" }) })],
  [
    "results lie where they are said to",
    "cannot be read",
    ({ taskRuns }) => ({ taskRuns: changed(taskRuns, 0, { result: { problem: "nothing is there" } }) }),
  ],
  [
    "results are what was returned",
    "not 1",
    ({ taskRuns }) => ({ taskRuns: changed(taskRuns, 1, { result: { value: 2 } }) }),
  ],
  [
    "a success has a result",
    "without a result",
    ({ taskRuns }) => ({ taskRuns: changed(taskRuns, 0, { location: null }) }),
  ],
];

test("a run in which an agent died and its successor did the rest violates nothing", () => {
  expect(violationsOf(good)).toEqual([]);
});

test.for(BROKEN)("a story that breaks “%s” is found out", ([, word, change]) => {
  expect(violationsOf({ ...good, ...change(good) }).join("\n")).toContain(word);
});
