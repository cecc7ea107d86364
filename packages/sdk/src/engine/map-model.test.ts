import fc from "fast-check";
import { expect, test } from "vitest";
import { run } from "../context/run.ts";
import { flow } from "../flow/flow.ts";
import type { Input } from "../handle.ts";
import { task } from "../task/task.ts";
import { knownAfter, record, RecordingStore } from "../testing/recorded-run.ts";

/** One of several maps over one another: whether it keeps its results, and which of its children fail at first. */
interface Stage {
  readonly checkpoint: boolean;
  readonly fails: readonly boolean[];
  readonly waits: boolean;
}

const WIDTH = 4;
const stages = fc.array(
  fc.record({
    checkpoint: fc.boolean(),
    fails: fc.array(
      fc.nat({ max: 5 }).map((n) => n === 0),
      { minLength: WIDTH, maxLength: WIDTH },
    ),
    waits: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

/** A child succeeds at first when neither it nor one before it, of its index, is to fail. */
function succeeds(list: readonly Stage[], stage: number, index: number): boolean {
  return list.slice(0, stage + 1).every(({ fails }) => fails[index] !== true);
}

/** Whether the next attempt runs a child again: it did not succeed, or its value is lost and the child after it needs it. */
function runsAgain(list: readonly Stage[], stage: number, index: number): boolean {
  if (!succeeds(list, stage, index)) return true;
  const isNeeded = stage === list.length - 1 || runsAgain(list, stage + 1, index);
  return list[stage]?.checkpoint === false && isNeeded;
}

function flowOf(list: readonly Stage[], healed: boolean, ran: (place: string) => void) {
  const tasks = list.map(({ checkpoint, fails, waits }, stage) =>
    task(`s${stage}`, { checkpoint }, async (n: number) => {
      ran(`${stage}.${run.mapIndex}`);
      if (waits) await new Promise((resolve) => setImmediate(resolve));
      if (!healed && fails[run.mapIndex ?? 0] === true) throw new Error("by plan");
      return n + 1;
    }),
  );
  const numbers = Array.from({ length: WIDTH }, (_, index) => index * 10);
  return flow("f", async () => {
    const last = tasks.reduce<Input<readonly number[]>>((values, one) => one.map(values), numbers);
    return await last;
  });
}

test("random maps over maps restart child by child, as the model says", async () => {
  const property = fc.asyncProperty(stages, async (list) => {
    const store = new RecordingStore();
    const first = await record(
      flowOf(list, false, () => undefined),
      { store },
    );
    const places = list.flatMap((_, stage) => Array.from({ length: WIDTH }, (__, index) => ({ stage, index })));
    for (const { stage, index } of places) {
      expect(first.states(`s${stage}`, 0, index).at(-1) === "Success").toBe(succeeds(list, stage, index));
    }
    const ran: string[] = [];
    const healed = flowOf(list, true, (place) => ran.push(place));
    const second = await record(healed, { store, known: knownAfter(first), attempt: 2 });
    expect(second.end).toEqual({
      state: "Success",
      value: Array.from({ length: WIDTH }, (_, index) => index * 10 + list.length),
    });
    const again = places.filter(({ stage, index }) => runsAgain(list, stage, index));
    expect(ran.sort()).toEqual(again.map(({ stage, index }) => `${stage}.${index}`).sort());
  });
  await fc.assert(property, { numRuns: 100 });
});
