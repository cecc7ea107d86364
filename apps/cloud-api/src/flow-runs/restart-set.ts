import { isSuccessful, type StateName } from "@weir/protocol";

/** What the choice needs to know of a task run. */
export interface RestartableTaskRun {
  readonly number: number;
  readonly state: StateName;
  readonly parent: number | null;
  readonly mapIndex: number | null;
  readonly mapCount: number | null;
  readonly upstream: readonly number[];
}

/**
 * Which task runs begin again when a flow run is restarted: those that did not succeed, and everything downstream of one that begins again.
 *
 * Maps: a child that begins again does not take its parent along (the parent has only fanned out), but what consumes the parent's list is
 * downstream of the child. A map over a map of the same length goes index by index, so there only the child of the same index follows.
 * A parent that begins again takes all its children along.
 */
export function restartSet(taskRuns: readonly RestartableTaskRun[]): Set<number> {
  const graph = graphOf(taskRuns);
  const chosen = new Set<number>();
  const open: RestartableTaskRun[] = taskRuns.filter(({ state }) => !isSuccessful(state));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (chosen.has(next.number)) continue;
    chosen.add(next.number);
    open.push(...(graph.children.get(next.number) ?? []), ...downstreamOf(next, graph));
  }
  return chosen;
}

interface Graph {
  readonly byNumber: ReadonlyMap<number, RestartableTaskRun>;
  readonly consumers: ReadonlyMap<number, readonly RestartableTaskRun[]>;
  readonly children: ReadonlyMap<number, readonly RestartableTaskRun[]>;
}

function graphOf(taskRuns: readonly RestartableTaskRun[]): Graph {
  const consumers = new Map<number, RestartableTaskRun[]>();
  const children = new Map<number, RestartableTaskRun[]>();
  for (const taskRun of taskRuns) {
    for (const number of taskRun.upstream) add(consumers, number, taskRun);
    if (taskRun.parent !== null) add(children, taskRun.parent, taskRun);
  }
  return { byNumber: new Map(taskRuns.map((taskRun) => [taskRun.number, taskRun])), consumers, children };
}

function add(lists: Map<number, RestartableTaskRun[]>, key: number, taskRun: RestartableTaskRun): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [taskRun]);
  else list.push(taskRun);
}

function downstreamOf(taskRun: RestartableTaskRun, graph: Graph): RestartableTaskRun[] {
  const direct = graph.consumers.get(taskRun.number) ?? [];
  const parent = taskRun.parent === null ? undefined : graph.byNumber.get(taskRun.parent);
  if (parent === undefined) return [...direct];
  const ofList = graph.consumers.get(parent.number) ?? [];
  return [...direct, ...ofList.flatMap((consumer) => indexByIndex(taskRun, parent, consumer, graph))];
}

function indexByIndex(
  child: RestartableTaskRun,
  parent: RestartableTaskRun,
  consumer: RestartableTaskRun,
  graph: Graph,
): RestartableTaskRun[] {
  const alike = consumer.state === "Mapped" && consumer.mapCount !== null && consumer.mapCount === parent.mapCount;
  if (!alike) return [consumer];
  return (graph.children.get(consumer.number) ?? []).filter(({ mapIndex }) => mapIndex === child.mapIndex);
}
