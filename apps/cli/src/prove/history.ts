import type { StateName } from "@weir/protocol";
import type { Holding } from "./search.ts";

/** All that the cloud's database tells of one run: read from the dump that is searched, so it is what the cloud holds and not what anybody answers. */
export interface History {
  /** States of each attempt, in order. What came before the first attempt counts as its beginning. */
  readonly attempts: readonly (readonly StateName[])[];
  readonly tasks: readonly TaskHistory[];
  /** States of the runs that it started. */
  readonly children: readonly StateName[];
}

/** A task run and the states that it went through. */
export interface TaskHistory {
  readonly number: number;
  readonly task: string;
  /** Number of the task run that it is a part of: a mapped one, a subflow. */
  readonly parent: number | null;
  /** In which it came to its last state. */
  readonly attempt: number;
  readonly states: readonly StateName[];
}

interface Row {
  readonly id?: string | number;
  readonly name?: string;
  readonly flow_run_id?: string;
  readonly parent_run_id?: string | null;
  readonly number?: number;
  readonly task_run_number?: number;
  readonly task_id?: number;
  readonly parent?: number | null;
  readonly version?: number;
  readonly attempt?: number;
  readonly state?: StateName;
}

/** Reads the histories of runs out of the dump of a database. Those of others, in a database that they share, are left alone. */
export function historiesOf(runs: readonly string[], dump: readonly Holding[]): Map<string, History> {
  const names = new Map(rowsOf(dump, "tasks").map(({ id, name }) => [id, name ?? ""]));
  const flowRuns = rowsOf(dump, "flow_runs");
  const [states, taskRuns, taskStates] = ["flow_run_states", "task_runs", "task_run_states"].map((table) =>
    rowsOf(dump, table),
  );
  return new Map(
    runs.map((run) => {
      const own = (rows: readonly Row[] = []): Row[] => rows.filter(({ flow_run_id: id }) => id === run);
      const children = flowRuns.flatMap(({ parent_run_id: parent, state }) => (parent === run && state ? [state] : []));
      return [
        run,
        { attempts: attemptsOf(own(states)), tasks: tasksOf(own(taskRuns), own(taskStates), names), children },
      ];
    }),
  );
}

/** Rows of a table, with those of its partitions; values that Postgres keeps for its planner are none. */
function rowsOf(dump: readonly Holding[], table: string): Row[] {
  const named = new RegExp(`^(public\\.${table}|partitions\\.${table}_p?\\d+)$`);
  const lines = dump.flatMap(({ name, content }) => (named.test(name) ? content.toString("utf8").split("\n") : []));
  const parsed = lines.flatMap((line) => (line === "" ? [] : [JSON.parse(line) as { row: Row; sample?: true }]));
  return parsed.flatMap(({ row, sample }) => (sample ? [] : [row]));
}

function attemptsOf(rows: readonly Row[]): StateName[][] {
  const attempts: StateName[][] = [];
  for (const { attempt = 0, state } of rows.toSorted((a, b) => (a.version ?? 0) - (b.version ?? 0)))
    if (state !== undefined) (attempts[Math.max(0, attempt - 1)] ??= []).push(state);
  return attempts;
}

function tasksOf(runs: readonly Row[], states: readonly Row[], names: ReadonlyMap<unknown, string>): TaskHistory[] {
  return runs.map(({ number = 0, task_id: task, parent = null, attempt = 0 }) => {
    const own = states.filter((row) => row.task_run_number === number);
    const inOrder = own.toSorted((a, b) => (a.attempt ?? 0) - (b.attempt ?? 0) || (a.number ?? 0) - (b.number ?? 0));
    const passed = inOrder.flatMap(({ state }) => (state === undefined ? [] : [state]));
    return { number, task: names.get(task) ?? "", parent, attempt, states: passed };
  });
}
