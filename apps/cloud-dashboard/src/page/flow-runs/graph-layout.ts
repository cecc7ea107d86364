import type { StateName } from "@weir/protocol/state";
import type { TaskRow } from "./run-store.ts";
import { taskText } from "./task-link.tsx";
import { type Below, stateOfBelow } from "./timeline-rows.ts";

/** One box of the graph: a task run with all that is below it, or all runs of a task. */
export interface GraphNode {
  readonly id: string;
  readonly title: string;
  /** In one word, how all of it stands. */
  readonly state: StateName;
  /** Task runs of each state: of what is below it where something is, otherwise of itself. */
  readonly byState: ReadonlyMap<StateName, number>;
  readonly count: number;
  /** Of its page; null: it stands for several. */
  readonly number: number | null;
}

/** What came from what. */
export interface RunGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  /** Its boxes are tasks, since task runs would have been too many. */
  readonly isByTask: boolean;
}

/** More boxes than this nobody reads. */
const MOST_NODES = 150;

/** The graph of a run: what stands below a map or a subflow is folded into its box. */
export function graphOf(taskRuns: readonly TaskRow[], mostNodes: number = MOST_NODES): RunGraph {
  const tops = topsOf(taskRuns);
  const isByTask = new Set(tops.values()).size > mostNodes;
  const idOf = (top: TaskRow) => (isByTask ? `task ${top.task}` : String(top.number));
  const members = Map.groupBy(taskRuns, ({ number }) => idOf(tops.get(number) as TaskRow));
  return {
    nodes: [...members].map(([id, all]) => nodeOf(id, all, tops, isByTask)),
    edges: edgesOf(taskRuns, (number) => {
      const top = tops.get(number);
      return top && idOf(top);
    }),
    isByTask,
  };
}

/** Of each task run the one that stands above all others around it. */
function topsOf(taskRuns: readonly TaskRow[]): Map<number, TaskRow> {
  const tops = new Map<number, TaskRow>();
  // A parent is declared before its children, so its number is smaller.
  for (const taskRun of taskRuns) {
    const above = taskRun.parent === null ? undefined : tops.get(taskRun.parent);
    tops.set(taskRun.number, above ?? taskRun);
  }
  return tops;
}

function nodeOf(id: string, all: readonly TaskRow[], tops: ReadonlyMap<number, TaskRow>, isByTask: boolean): GraphNode {
  const heads = all.filter((one) => tops.get(one.number) === one);
  const [first] = heads as [TaskRow, ...TaskRow[]];
  const lone = !isByTask && heads.length === 1;
  // What is below says more of a map than the map itself.
  const told = lone && all.length > 1 ? all.filter((one) => one !== first) : heads;
  const byState = new Map<StateName, number>();
  for (const { state } of told) byState.set(state, (byState.get(state) ?? 0) + 1);
  const below: Below = { count: told.length, byState, from: null, to: null };
  return {
    id,
    title: lone ? taskText(first) : first.task,
    state: stateOfBelow(below),
    byState,
    count: told.length,
    number: lone ? first.number : null,
  };
}

function edgesOf(taskRuns: readonly TaskRow[], idOf: (number: number) => string | undefined) {
  const edges = new Map<string, { from: string; to: string }>();
  for (const { number, upstream } of taskRuns) {
    const to = idOf(number);
    for (const one of upstream) {
      const from = idOf(one);
      if (from !== undefined && to !== undefined && from !== to) edges.set(`${from}→${to}`, { from, to });
    }
  }
  return [...edges.values()];
}
