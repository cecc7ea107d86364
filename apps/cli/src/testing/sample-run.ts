import type { RunUpdate, TaskRun } from "../connection/answers.ts";

/** Milliseconds since 1970 at which sample runs begin. */
export const BEGIN = Date.parse("2026-01-31T10:00:00.000Z");
export const at = (ms: number): string => new Date(BEGIN + ms).toISOString();

/** A task run that succeeded within 100 ms, unless told otherwise. */
export function taskRun(given: Partial<TaskRun> & Pick<TaskRun, "number" | "task">): TaskRun {
  return {
    name: null,
    ordinal: 0,
    mapIndex: null,
    parent: null,
    state: "Success",
    tryNumber: 1,
    attempt: 1,
    startedAt: at(0),
    endedAt: at(100),
    startTime: null,
    location: null,
    resultBytes: null,
    mapCount: null,
    approvedAt: null,
    message: null,
    failure: null,
    ...given,
  };
}

/** One message of a run's stream. */
export function update(
  given: Partial<Omit<RunUpdate, "flowRun">> & { flowRun?: Partial<RunUpdate["flowRun"]> },
): RunUpdate {
  const flowRun: RunUpdate["flowRun"] = {
    id: "0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e",
    name: "calm-river",
    state: "Running",
    stateVersion: 1,
    message: null,
    failure: null,
    attempt: 1,
    recoveries: 0,
    createdAt: at(0),
    scheduledStartTime: at(0),
    startedAt: at(0),
    endedAt: null,
    flow: { name: "flights", project: { name: "examples" } },
    flowVersion: { number: 1 },
    agent: { name: "box" },
    states: [],
    ...given.flowRun,
  };
  return { after: "1.1", taskRuns: [], logs: [], ...given, flowRun };
}
