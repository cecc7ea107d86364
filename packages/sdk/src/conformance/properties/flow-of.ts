import { deepStrictEqual } from "node:assert";
import { fail, flow, loopWith, run, settle, type Settled, skip, task, type TaskRun } from "../../index.ts";
import { unit } from "./model.ts";
import { type Node, type Plan, WIDTH } from "./plan.ts";

const LIST = Array.from({ length: WIDTH }, (_, child) => child);

/** The value of a node's task run, known beforehand: whoever gets another one, or none, fails. */
function valueOf(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  return node.mapped ? LIST.map((child) => unit(node.index, child)) : unit(node.index);
}

function sameOrSkipped(got: unknown, wanted: unknown): void {
  if (Array.isArray(wanted) && Array.isArray(got)) {
    for (const [at, one] of wanted.entries()) sameOrSkipped(got[at], one);
  } else if (got !== undefined) deepStrictEqual(got, wanted);
}

/** The function of a node's task: notes its execution, looks at its inputs, then does as planned. */
function codeOf(plan: Plan, node: Node, ran: (one: string) => void) {
  const { inputs, settled, over, elements, mapped, failing, fails, skips, turns, waits } = node;
  return async (...given: unknown[]): Promise<string> => {
    const one = mapped ? unit(node.index, run.mapIndex) : unit(node.index);
    ran(one);
    if (waits) await new Promise((resolve) => setImmediate(resolve));
    if (!mapped) for (const [at, other] of inputs.entries()) sameOrSkipped(given[at], valueOf(plan[other]));
    if (mapped && over !== null) sameOrSkipped(given[0], unit(over, run.mapIndex));
    if (mapped && elements !== null) sameOrSkipped(given[0], unit(elements[run.mapIndex ?? 0] ?? 0));
    for (const [at, other] of settled.entries()) {
      const { state, value, failure } = given[inputs.length + at] as Settled<unknown>;
      if (failure === undefined && state !== "Skipped") sameOrSkipped(value, valueOf(plan[other]));
    }
    const isMeant = !mapped || failing[run.mapIndex ?? 0] === true;
    if (isMeant && skips) throw skip("by plan");
    if (isMeant && run.tryNumber <= fails) throw fail("by plan");
    if (run.loop.count < turns) throw loopWith({ turn: run.loop.count });
    if (turns > 0) deepStrictEqual(run.loop.value, { turn: turns - 1 });
    return one;
  };
}

function callOf(
  plan: Plan,
  node: Node,
  runs: readonly TaskRun<unknown>[],
  ran: (one: string) => void,
): TaskRun<unknown> {
  const { index, mapped, over, elements, inputs, settled, after, cached, queued } = node;
  const { trigger, skipOnUpstreamSkip, retries, checkpoint, maxConcurrency } = node;
  const at = (other: number) => runs[other] as TaskRun<unknown>;
  const cache = cached ? { cacheFor: "1h" as const } : {};
  const tags = queued ? ["full"] : [];
  const more = { tags, ...cache, retryDelay: 0, after: after.map(at) };
  const options = { trigger, skipOnUpstreamSkip, retries, checkpoint, maxConcurrency, ...more };
  const made = task(`t${index}`, codeOf(plan, node, ran)).with(options);
  if (mapped && elements !== null) return made.map(elements.map(at));
  if (mapped) return made.map(over === null ? LIST : (at(over) as TaskRun<unknown[]>));
  return made(...inputs.map(at), ...settled.map((other) => settle(at(other))));
}

/** The flow of a plan. All goes by handing on; nothing that fails fails the flow. */
export function flowOf(plan: Plan, ran: (one: string) => void): object {
  return flow("planned", async () => {
    const runs: TaskRun<unknown>[] = [];
    for (const node of plan) runs.push(callOf(plan, node, runs, ran));
    for (const one of runs) void settle(one);
  });
}
