import type { KnownTaskRun, StateName } from "@weir/protocol";
import { isSuccessful } from "@weir/protocol/state";
import fc from "fast-check";
import { expect, test } from "vitest";
import { run } from "../context/run.ts";
import { flow } from "../flow/flow.ts";
import type { TaskRun } from "../handle.ts";
import { settle } from "../settle.ts";
import { fail, skip } from "../signals.ts";
import { task } from "../task/task.ts";
import { knownAfter, record, RecordingStore } from "../testing/recorded-run.ts";

/** A task of a random flow. It may depend on tasks before it. */
interface Plan {
  readonly fails: number;
  readonly retries: number;
  readonly skips: boolean;
  readonly checkpoint: boolean;
  readonly wait: boolean;
  readonly inputs: readonly number[];
  readonly settled: readonly number[];
  readonly after: readonly number[];
}

const position = fc.nat({ max: 1_000 });
const plan = fc.record({
  fails: fc.nat({ max: 3 }),
  retries: fc.nat({ max: 2 }),
  skips: fc.boolean(),
  checkpoint: fc.boolean(),
  wait: fc.boolean(),
  inputs: fc.array(position, { maxLength: 2 }),
  settled: fc.array(position, { maxLength: 1 }),
  after: fc.array(position, { maxLength: 1 }),
});

/** Positions become indexes of earlier tasks; every fourth task that may skip does. */
const plans = fc.array(plan, { minLength: 1, maxLength: 12 }).map((list): Plan[] =>
  list.map((one, index) => {
    const earlier = (positions: readonly number[]) =>
      index === 0 ? [] : [...new Set(positions.map((at) => at % index))];
    const { inputs, settled, after } = one;
    const skips = one.skips && one.fails === 3;
    return { ...one, skips, inputs: earlier(inputs), settled: earlier(settled), after: earlier(after) };
  }),
);

/** The small model: what a task ends as, given how those before it ended. */
function modelState({ inputs, after, fails, retries, skips }: Plan, before: readonly StateName[]): StateName {
  const states = [...inputs, ...after].map((index) => before[index] ?? "Pending");
  if (states.includes("Skipped")) return "Skipped";
  if (!states.every((state) => isSuccessful(state))) return "TriggerFailed";
  if (skips) return "Skipped";
  return fails > retries ? "Failed" : "Success";
}

function modelStates(list: readonly Plan[]): StateName[] {
  const states: StateName[] = [];
  for (const one of list) states.push(modelState(one, states));
  return states;
}

/** Whose values are written although they are not checkpointed: those that a task takes which is tried again. */
function modelPersisted(list: readonly Plan[], states: readonly StateName[]): boolean[] {
  const tries = list.map(({ fails, retries }, index) => {
    return fails > 0 && retries > 0 && (states[index] === "Success" || states[index] === "Failed");
  });
  return list.map((_, index) =>
    list.some(({ inputs, settled }, later) => tries[later] === true && [...inputs, ...settled].includes(index)),
  );
}

/** Which tasks the next attempt declares again: those that did not succeed, and those whose lost value one of these needs. */
function modelDeclared(list: readonly Plan[], states: readonly StateName[]): boolean[] {
  const declared = list.map(() => false);
  const persisted = modelPersisted(list, states);
  for (let index = list.length - 1; index >= 0; index -= 1) {
    const [one, state] = [list[index], states[index]];
    if (one === undefined || state === undefined) continue;
    const isLost = state === "Success" && !one.checkpoint && persisted[index] !== true;
    const isNeeded = list.some(
      ({ inputs, settled }, later) => declared[later] && [...inputs, ...settled].includes(index),
    );
    declared[index] = !isSuccessful(state) || (isLost && isNeeded);
  }
  return declared;
}

/** The flow of a plan. Nothing is awaited: all goes by handing on. `ran` hears of each execution. */
function flowOf(list: readonly Plan[], ran: (index: number) => void) {
  const tasks = list.map(({ retries, checkpoint, fails, skips, wait }, index) =>
    task(`t${index}`, { retries, retryDelay: 0, checkpoint }, async (..._inputs: unknown[]) => {
      ran(index);
      if (wait) await new Promise((resolve) => setImmediate(resolve));
      if (skips) throw skip("by plan");
      if (run.tryNumber <= fails) throw fail("by plan");
      return { index };
    }),
  );
  return flow("f", async () => {
    const runs: TaskRun<unknown>[] = [];
    for (const [index, { inputs, settled, after }] of list.entries()) {
      const at = (other: number) => runs[other] as TaskRun<unknown>;
      const call = tasks[index]?.with({ after: after.map((other) => at(other)) });
      const made = call?.(...inputs.map((other) => at(other)), ...settled.map((other) => settle(at(other))));
      if (made !== undefined) runs.push(made);
    }
    for (const one of runs) void settle(one);
  });
}

function statesOf(known: readonly KnownTaskRun[]): StateName[] {
  return known.toSorted((a, b) => a.number - b.number).map(({ state }) => state);
}

test("random flows end as the model says, write as it says, and legally", async () => {
  const property = fc.asyncProperty(plans, async (list) => {
    const store = new RecordingStore();
    const recorded = await record(
      flowOf(list, () => undefined),
      { store },
    );
    const expected = modelStates(list);
    expect(statesOf(knownAfter(recorded))).toEqual(expected);
    expect(recorded.end.state).toBe("Success");
    const persisted = modelPersisted(list, expected);
    const written = expected.flatMap((state, index) =>
      state === "Success" && (list[index]?.checkpoint || persisted[index]) ? [index + 1] : [],
    );
    expect(store.writes.map(({ taskRunNumber }) => taskRunNumber).sort((a, b) => a - b)).toEqual(written);
  });
  await fc.assert(property, { numRuns: 100 });
});

test("a restart of any of them executes what the model says, and nothing else", async () => {
  const property = fc.asyncProperty(plans, async (list) => {
    const store = new RecordingStore();
    const first = await record(
      flowOf(list, () => undefined),
      { store },
    );
    const known = knownAfter(first);
    const healed = list.map((one) => ({ ...one, fails: 0 }));
    const declared = modelDeclared(list, statesOf(known));
    const ran = new Set<number>();
    const second = await record(
      flowOf(healed, (index) => ran.add(index)),
      { store, known, attempt: 2 },
    );
    expect(list.map((_, index) => second.runs.has(index + 1))).toEqual(declared);
    const after = statesOf(knownAfter(second, known));
    // What was skipped stays skipped, even where it would not be now; the rest follows from that.
    expect(after.every((state) => isSuccessful(state))).toBe(true);
    for (const index of ran) expect(declared[index]).toBe(true);
  });
  await fc.assert(property, { numRuns: 100 });
});

test("random maps give what plain code gives, in whatever order their children end", async () => {
  const property = fc.asyncProperty(
    fc.array(fc.record({ n: fc.integer({ min: -9, max: 9 }), turns: fc.nat({ max: 3 }) }), { maxLength: 20 }),
    fc.integer({ min: 1, max: 5 }),
    async (items, maxConcurrency) => {
      const slow = task("slow", { maxConcurrency }, async (item: { n: number; turns: number }) => {
        for (let turn = 0; turn < item.turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        return item.n;
      });
      const double = task("double", (n: number) => n * 2);
      const add = task("add", (a: number, b: number) => a + b);
      const body = async () => {
        const numbers = slow.map(items);
        return await add.map(double.map(numbers), numbers);
      };
      const { end } = await record(flow("f", body));
      expect(end).toEqual({ state: "Success", value: items.map(({ n }) => n * 3) });
    },
  );
  await fc.assert(property, { numRuns: 60 });
});
