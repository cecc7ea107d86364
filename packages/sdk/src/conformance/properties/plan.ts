import fc from "fast-check";
import type { TaskOptions } from "../../index.ts";

/** Children of every mapped node. */
export const WIDTH = 3;

export const TRIGGERS = [
  "all_successful",
  "all_failed",
  "any_failed",
  "any_successful",
  "all_finished",
  "not_all_skipped",
] as const satisfies readonly TaskOptions["trigger"][];

/** A task, or a map, of a random flow. It depends on nodes before it only. */
export interface Node {
  readonly index: number;
  readonly mapped: boolean;
  /** Of a map: the map whose children it goes over, index by index. Null: a plain list. */
  readonly over: number | null;
  /** Of a map that goes over a list with runs in it: the node of each element. */
  readonly elements: readonly number[] | null;
  readonly maxConcurrency: number;
  readonly inputs: readonly number[];
  readonly settled: readonly number[];
  readonly after: readonly number[];
  readonly trigger: (typeof TRIGGERS)[number];
  readonly skipOnUpstreamSkip: boolean;
  /** It fails in so many tries; of a map, these children do. */
  readonly fails: number;
  readonly retries: number;
  /** Skips itself instead of failing. */
  readonly skips: boolean;
  readonly failing: readonly boolean[];
  readonly checkpoint: boolean;
  readonly cached: boolean;
  /** Its limit is full each time that it asks. */
  readonly queued: boolean;
  /** So many turns before it returns. */
  readonly turns: number;
  /** Takes a moment, so that the order of ends varies. */
  readonly waits: boolean;
}

export type Plan = readonly Node[];

const position = fc.nat({ max: 1_000 });
const often = (times: number) => fc.nat({ max: times }).map((n) => n === 0);

const draft = fc.record({
  mapped: often(3),
  over: fc.option(position),
  elements: fc.option(fc.array(position, { minLength: WIDTH, maxLength: WIDTH })),
  maxConcurrency: fc.integer({ min: 1, max: WIDTH }),
  inputs: fc.array(position, { maxLength: 2 }),
  settled: fc.array(position, { maxLength: 1 }),
  after: fc.array(position, { maxLength: 2 }),
  trigger: fc.oneof(
    { weight: 3, arbitrary: fc.constant(TRIGGERS[0]) },
    { weight: 2, arbitrary: fc.constantFrom(...TRIGGERS) },
  ),
  skipOnUpstreamSkip: fc.boolean(),
  fails: fc.nat({ max: 3 }),
  retries: fc.nat({ max: 2 }),
  skips: often(5),
  failing: fc.array(fc.boolean(), { minLength: WIDTH, maxLength: WIDTH }),
  checkpoint: fc.boolean(),
  cached: often(4),
  queued: often(4),
  turns: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 2 }) }),
  waits: fc.boolean(),
});

type Draft = typeof draft extends fc.Arbitrary<infer D> ? D : never;

/** Positions become indexes of earlier nodes; what makes no sense for a map, or beside a settled input, is left out. */
function nodeOf(one: Draft, index: number, before: readonly Node[]): Node {
  const earlier = (positions: readonly number[]) =>
    index === 0 ? [] : [...new Set(positions.map((at) => at % index))];
  const maps = before.filter(({ mapped }) => mapped);
  const over = one.over === null ? null : (maps[one.over % Math.max(1, maps.length)]?.index ?? null);
  const plain = before.filter(({ mapped }) => !mapped).map((node) => node.index);
  const hasElements = one.mapped && over === null && one.elements !== null && plain.length > 0;
  const elements = hasElements ? (one.elements ?? []).map((at) => plain[at % plain.length] ?? 0) : null;
  if (one.mapped) {
    return {
      ...one,
      index,
      over,
      elements,
      inputs: [],
      settled: [],
      after: [],
      trigger: "all_successful",
      skipOnUpstreamSkip: true,
      cached: false,
    };
  }
  const settled = earlier(one.settled);
  // What a trigger sees of a settled input is proved by rows of its own.
  const trigger = settled.length > 0 ? "all_successful" : one.trigger;
  return {
    ...one,
    index,
    over: null,
    elements: null,
    inputs: earlier(one.inputs),
    settled,
    after: earlier(one.after),
    trigger,
  };
}

/** Random flows of up to a dozen nodes. */
export const plans: fc.Arbitrary<Plan> = fc.array(draft, { minLength: 1, maxLength: 12 }).map((drafts) => {
  const nodes: Node[] = [];
  for (const [index, one] of drafts.entries()) nodes.push(nodeOf(one, index, nodes));
  return nodes;
});

/** The same flow when nothing fails and nothing is skipped any more. */
export function healed(plan: Plan): Plan {
  return plan.map((node) => ({ ...node, fails: 0, skips: false }));
}
