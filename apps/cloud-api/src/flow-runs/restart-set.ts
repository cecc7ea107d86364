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
 * A mapped run that begins again takes all its children along.
 *
 * Subflows: a task run of a subflow that did not succeed begins again, and so does the subflow, which did not succeed either; its other task
 * runs stay as they are. A subflow that is downstream of one that begins again gets other parameters, so all that is inside it begins again. What failed inside a subflow that succeeded all the same is looked after: it stays too.
 */
export function restartSet(taskRuns: readonly RestartableTaskRun[]): Set<number> {
  const graph = graphOf(taskRuns);
  const chosen = new Set<number>();
  const open: RestartableTaskRun[] = taskRuns.filter((one) => !isSuccessful(one.state) && !isLookedAfter(one, graph));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (chosen.has(next.number)) continue;
    chosen.add(next.number);
    const downstream = downstreamOf(next, graph);
    open.push(
      ...(graph.children.get(next.number) ?? []),
      ...downstream,
      ...downstream.flatMap((one) => insideOf(one, graph)),
    );
  }
  return chosen;
}

/** All task runs inside a subflow. */
function insideOf({ number }: RestartableTaskRun, graph: Graph): RestartableTaskRun[] {
  const inside = graph.inside.get(number) ?? [];
  return inside.flatMap((one) => [one, ...(graph.children.get(one.number) ?? []), ...insideOf(one, graph)]);
}

/** Whether a subflow that it belongs to has succeeded. */
function isLookedAfter({ parent }: RestartableTaskRun, graph: Graph): boolean {
  const above = parent === null ? undefined : graph.byNumber.get(parent);
  if (above === undefined) return false;
  return (isSuccessful(above.state) && above.state !== "Mapped") || isLookedAfter(above, graph);
}

interface Graph {
  readonly byNumber: ReadonlyMap<number, RestartableTaskRun>;
  readonly consumers: ReadonlyMap<number, readonly RestartableTaskRun[]>;
  /** Children of mapped runs; and task runs of subflows. */
  readonly children: ReadonlyMap<number, readonly RestartableTaskRun[]>;
  readonly inside: ReadonlyMap<number, readonly RestartableTaskRun[]>;
}

function graphOf(taskRuns: readonly RestartableTaskRun[]): Graph {
  const consumers = new Map<number, RestartableTaskRun[]>();
  const children = new Map<number, RestartableTaskRun[]>();
  const inside = new Map<number, RestartableTaskRun[]>();
  for (const taskRun of taskRuns) {
    for (const number of taskRun.upstream) add(consumers, number, taskRun);
    if (taskRun.parent !== null) add(taskRun.mapIndex === null ? inside : children, taskRun.parent, taskRun);
  }
  return { byNumber: new Map(taskRuns.map((taskRun) => [taskRun.number, taskRun])), consumers, children, inside };
}

function add(lists: Map<number, RestartableTaskRun[]>, key: number, taskRun: RestartableTaskRun): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [taskRun]);
  else list.push(taskRun);
}

function downstreamOf(taskRun: RestartableTaskRun, graph: Graph): RestartableTaskRun[] {
  const direct = graph.consumers.get(taskRun.number) ?? [];
  const { parent: above, mapIndex } = taskRun;
  const parent = above === null || mapIndex === null ? undefined : graph.byNumber.get(above);
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
