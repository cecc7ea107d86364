import type { StateName } from "@weir/protocol";
import { isFailed, isSuccessful } from "@weir/protocol/state";
import { type Node, type Plan, WIDTH } from "./plan.ts";

/** A task run of a plan: a plain one by its node, a child by its node and index. */
export type Unit = string;

export const unit = (node: number, child?: number): Unit => (child === undefined ? `t${node}` : `t${node}[${child}]`);

const CHILDREN = Array.from({ length: WIDTH }, (_, child) => child);

/** The task runs behind a node whose values it has: its children, or itself. */
export function unitsOf({ index, mapped }: Node): Unit[] {
  return mapped ? CHILDREN.map((child) => unit(index, child)) : [unit(index)];
}

/** What is left of a task run. `written`: its value can be read. */
export interface Left {
  readonly state: StateName;
  readonly written: boolean;
}

/** What one attempt does. */
export interface Outcome {
  readonly left: Map<Unit, Left>;
  readonly writes: Unit[];
  readonly executed: Set<Unit>;
}

/** What an attempt begins with. */
export interface Before {
  /** Finished task runs that are to be kept. */
  readonly kept: ReadonlyMap<Unit, Left>;
  /** Nodes of which the cloud has a cached result. */
  readonly cached: ReadonlySet<number>;
}

export const NOTHING_BEFORE: Before = { kept: new Map(), cached: new Set() };

/** Direct inputs of one unit, as units. */
function inputsOf(plan: Plan, node: Node, child: number | null): Unit[] {
  if (child !== null && node.over !== null) return [unit(node.over, child)];
  if (child !== null) return node.elements === null ? [] : [unit(node.elements[child] ?? 0)];
  return [...node.inputs, ...node.settled].flatMap((at) => (plan[at] === undefined ? [] : unitsOf(plan[at])));
}

/** Which units begin in this attempt: all that are not kept, and kept ones without a value that one of these takes. */
export function begins(plan: Plan, { kept }: Before): Set<Unit> {
  const begun = new Set<Unit>();
  for (const node of plan.toReversed()) {
    const takers = plan.filter(({ index }) => index > node.index);
    for (const one of unitsOf(node)) {
      const left = kept.get(one);
      const isLost = left !== undefined && left.state !== "Skipped" && !left.written;
      const isTaken = takers.some((taker) => takes(plan, taker, one, begun));
      if (left === undefined || (isLost && isTaken)) begun.add(one);
    }
  }
  return begun;
}

function takes(plan: Plan, taker: Node, wanted: Unit, begun: ReadonlySet<Unit>): boolean {
  if (!taker.mapped) return begun.has(unit(taker.index)) && inputsOf(plan, taker, null).includes(wanted);
  return CHILDREN.some((child) => begun.has(unit(taker.index, child)) && inputsOf(plan, taker, child).includes(wanted));
}

type Verdict = "run" | "Skipped" | "TriggerFailed";

function triggers({ trigger }: Node, states: readonly StateName[]): Verdict {
  const some = (test: (state: StateName) => boolean) => states.some((state) => test(state));
  const every = (test: (state: StateName) => boolean) => states.every((state) => test(state));
  if (trigger === "not_all_skipped" && states.length > 0 && every((state) => state === "Skipped")) return "Skipped";
  const passes = {
    all_successful: every(isSuccessful),
    not_all_skipped: every(isSuccessful),
    all_failed: every(isFailed),
    any_failed: states.length === 0 || some(isFailed),
    any_successful: states.length === 0 || some(isSuccessful),
    all_finished: true,
  }[trigger];
  return passes ? "run" : "TriggerFailed";
}

/** What becomes of a unit before any try. Settled inputs stand in nobody's way. */
function verdictOf(plan: Plan, node: Node, child: number | null, state: (one: Unit) => StateName): Verdict {
  const of = (nodes: readonly number[]) =>
    nodes.flatMap((at) => (plan[at] === undefined ? [] : unitsOf(plan[at]).map(state)));
  const inputs = child === null ? of(node.inputs) : inputsOf(plan, node, child).map(state);
  const states = [...inputs, ...of(node.after)];
  if (node.skipOnUpstreamSkip && states.includes("Skipped")) return "Skipped";
  const verdict = triggers(node, states);
  return verdict === "run" && !inputs.every(isSuccessful) ? "TriggerFailed" : verdict;
}

/** One attempt, from what was kept to what is left. */
export function attempt(plan: Plan, before: Before): Outcome {
  const begun = begins(plan, before);
  const outcome: Outcome = { left: new Map(before.kept), writes: [], executed: new Set() };
  for (const node of plan) {
    const children = node.mapped ? CHILDREN : [null];
    for (const child of children) {
      const one = child === null ? unit(node.index) : unit(node.index, child);
      if (begun.has(one)) begin(plan, node, child, before, outcome);
    }
  }
  return outcome;
}

function begin(plan: Plan, node: Node, child: number | null, { cached }: Before, outcome: Outcome): void {
  const one = child === null ? unit(node.index) : unit(node.index, child);
  const end = (state: StateName, written = false) => void outcome.left.set(one, { state, written });
  const verdict = verdictOf(plan, node, child, (other) => outcome.left.get(other)?.state ?? "Pending");
  if (verdict !== "run") return end(verdict);
  if (cached.has(node.index)) return end("Cached", true);
  outcome.executed.add(one);
  if (node.queued) persist(inputsOf(plan, node, child), outcome);
  const isMeant = child === null || node.failing[child] === true;
  if (isMeant && node.skips) return end("Skipped");
  const fails = isMeant ? node.fails : 0;
  const inputs = inputsOf(plan, node, child);
  if (fails > 0 && node.retries > 0) persist(inputs, outcome);
  if (fails > node.retries) return end("Failed");
  if (node.checkpoint) for (let turn = 1; turn <= node.turns; turn += 1) outcome.writes.push(`${one}@${turn}`);
  if (node.cached) persist(inputs, outcome);
  if (node.cached || node.checkpoint) outcome.writes.push(one);
  end(node.cached ? "Cached" : "Success", node.cached || node.checkpoint);
}

/** Inputs that succeeded, have a value, and are not written yet. */
function persist(inputs: readonly Unit[], outcome: Outcome): void {
  for (const one of inputs) {
    const left = outcome.left.get(one);
    if (left === undefined || left.written || !isSuccessful(left.state) || left.state === "Skipped") continue;
    outcome.left.set(one, { ...left, written: true });
    outcome.writes.push(one);
  }
}
