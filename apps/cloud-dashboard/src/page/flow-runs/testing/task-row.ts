import type { TaskRow } from "../run-store.ts";

/** A task run of tests: what matters, and something for the rest. */
export function taskRow(of: Partial<TaskRow> & Pick<TaskRow, "number">): TaskRow {
  return {
    task: "work",
    name: null,
    key: null,
    mapIndex: null,
    parent: null,
    state: "Success",
    tryNumber: 1,
    attempt: 1,
    startedAt: null,
    endedAt: null,
    mapCount: null,
    upstream: [],
    tags: [],
    states: [],
    ...of,
  };
}
