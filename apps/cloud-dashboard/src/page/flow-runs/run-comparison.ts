import { canonicalJson } from "@weir/protocol/json";
import { isFailed, type StateName } from "@weir/protocol/state";
import type { Json } from "@weir/protocol";
import type { TaskRow } from "./run-store.ts";

/** One parameter in two runs; undefined: the run does not have it. */
export interface ParameterPair {
  readonly name: string;
  readonly one: Json | undefined;
  readonly other: Json | undefined;
  readonly isSame: boolean;
}

/**
 * Parameters side by side, by name, those that differ first. What is sealed differs wherever its text does: the caller opens it before, or knows
 * less. Null: one of them is no object, so there are no names.
 */
export function parameterPairs(one: Json | null, other: Json | null): ParameterPair[] | null {
  const [a, b] = [fieldsOf(one), fieldsOf(other)];
  if (a === null || b === null) return null;
  const names = [...new Set([...a.keys(), ...b.keys()])].sort();
  const pairs = names.map((name) => {
    const pair = { one: a.get(name), other: b.get(name) };
    return { name, ...pair, isSame: textOf(pair.one) === textOf(pair.other) };
  });
  return [...pairs.filter(({ isSame }) => !isSame), ...pairs.filter(({ isSame }) => isSame)];
}

function fieldsOf(value: Json | null): Map<string, Json> | null {
  if (value === null) return new Map();
  return typeof value === "object" && !Array.isArray(value) ? new Map(Object.entries(value)) : null;
}

const textOf = (value: Json | undefined) => (value === undefined ? undefined : canonicalJson(value));

/** All runs of one task in one run. */
export interface TaskSum {
  readonly count: number;
  readonly byState: ReadonlyMap<StateName, number>;
  readonly failed: number;
  readonly tries: number;
  /** Milliseconds in which they ran, all together. */
  readonly ranMs: number;
  readonly longestMs: number;
}

/** A task in two runs; null: the run had none of it. */
export interface TaskPair {
  readonly task: string;
  readonly one: TaskSum | null;
  readonly other: TaskSum | null;
  /** One had states that the other had not, or other numbers of them. */
  readonly differs: boolean;
}

/** Tasks side by side, in the order in which the first run knows them. */
export function taskPairs(one: readonly TaskRow[], other: readonly TaskRow[]): TaskPair[] {
  const [a, b] = [byTask(one), byTask(other)];
  return [...new Set([...a.keys(), ...b.keys()])].map((task) => {
    const pair = { one: sumOf(a.get(task)), other: sumOf(b.get(task)) };
    return { task, ...pair, differs: statesText(pair.one) !== statesText(pair.other) };
  });
}

/** A map itself does nothing: its children do. */
const byTask = (taskRuns: readonly TaskRow[]) =>
  Map.groupBy(
    taskRuns.filter(({ mapCount }) => mapCount === null),
    ({ task }) => task,
  );

function sumOf(taskRuns: readonly TaskRow[] | undefined): TaskSum | null {
  if (taskRuns === undefined) return null;
  const byState = new Map<StateName, number>();
  const sum = { count: taskRuns.length, failed: 0, tries: 0, ranMs: 0, longestMs: 0 };
  for (const { endedAt, startedAt, state, tryNumber } of taskRuns) {
    byState.set(state, (byState.get(state) ?? 0) + 1);
    const took = startedAt === null || endedAt === null ? 0 : Date.parse(endedAt) - Date.parse(startedAt);
    if (isFailed(state)) sum.failed += 1;
    sum.tries += tryNumber;
    sum.ranMs += took;
    sum.longestMs = Math.max(sum.longestMs, took);
  }
  return { ...sum, byState };
}

const statesText = (sum: TaskSum | null) =>
  sum &&
  [...sum.byState]
    .map(([state, count]) => `${state} ${count}`)
    .sort()
    .join(" ");

/** A task run that ended otherwise in the other run. */
export interface ChangedTask {
  readonly one: TaskRow;
  readonly other: TaskRow;
}

/** Task runs that are there in both, and stand in different states; what is the same call is told by task, place and key. */
export function changedTasks(one: readonly TaskRow[], other: readonly TaskRow[]): ChangedTask[] {
  const [a, b] = [byCall(one), byCall(other)];
  return [...a].flatMap(([call, taskRun]) => {
    const match = b.get(call);
    return match === undefined || match.state === taskRun.state ? [] : [{ one: taskRun, other: match }];
  });
}

/** Task runs by what they are a call of: the number alone tells too little, since it depends on what came before. */
function byCall(taskRuns: readonly TaskRow[]): Map<string, TaskRow> {
  const counts = new Map<string, number>();
  return new Map(
    taskRuns.map((taskRun) => {
      const { key, mapIndex, task } = taskRun;
      const name = JSON.stringify([task, key ?? mapIndex]);
      const nth = counts.get(name) ?? 0;
      counts.set(name, nth + 1);
      return [`${name} ${nth}`, taskRun];
    }),
  );
}
