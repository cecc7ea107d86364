import type { Json } from "@weir/protocol";
import type { StateName } from "@weir/protocol/state";

/** A task run as far as it tells the shape of its flow. */
export interface ShapingTaskRun {
  readonly number: number;
  readonly task: string;
  /** Number of the mapped or subflow task run that it belongs to. */
  readonly parent: number | null;
  readonly upstream: readonly number[];
  readonly state: StateName;
}

/** A task of a flow, however often it runs. */
export interface SchematicTask {
  readonly name: string;
  readonly tags: readonly string[];
  readonly retries: number;
  readonly mapped: boolean;
  /** False: it was not registered, and came up in a run. */
  readonly registered: boolean;
  /** How many task runs of it there were in the run that the edges are from; 0: none. */
  readonly runs: number;
}

/** What runs before what. Names of tasks are unique in it; no edge leads from a task to itself. */
export interface SchematicShape {
  readonly tasks: readonly SchematicTask[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/**
 * The tasks that a version registered, with the edges that a run of it had: a version knows tasks, not their order, since flows are programs.
 * Children of a mapped task run are folded into it.
 */
export function schematicShape(registered: Json, taskRuns: readonly ShapingTaskRun[]): SchematicShape {
  const tasks = new Map(registeredTasks(registered).map((task) => [task.name, task]));
  const byNumber = new Map(taskRuns.map((taskRun) => [taskRun.number, taskRun]));
  for (const { task, parent } of taskRuns) {
    const known = tasks.get(task) ?? { ...UNKNOWN, name: task };
    const isChild = parent !== null && byNumber.get(parent)?.task === task;
    tasks.set(task, { ...known, runs: known.runs + 1, mapped: known.mapped || isChild });
  }
  const edges = new Map<string, { from: string; to: string }>();
  for (const { task: to, upstream } of taskRuns)
    for (const number of upstream) {
      const from = byNumber.get(number)?.task;
      if (from !== undefined && from !== to) edges.set(JSON.stringify([from, to]), { from, to });
    }
  return { tasks: [...tasks.values()], edges: [...edges.values()] };
}

const UNKNOWN = { tags: [], retries: 0, mapped: false, registered: false, runs: 0 } as const;

/** `tasks` of a registration, as far as it is what the protocol says. */
function registeredTasks(registered: Json): SchematicTask[] {
  if (!Array.isArray(registered)) return [];
  return registered.flatMap((entry: Json) => {
    const { name, tags, retries, mapped } = Object(entry) as Readonly<Record<string, unknown>>;
    if (typeof name !== "string") return [];
    return [
      {
        name,
        tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [],
        retries: typeof retries === "number" ? retries : 0,
        mapped: mapped === true,
        registered: true,
        runs: 0,
      },
    ];
  });
}
