import { expect } from "vitest";
import { flow, loopWith, run, task, type TaskOptions } from "../../index.ts";
import type { Proof } from "../row.ts";
import type { Stage } from "../support/stage.ts";

/** Three turns, then the sum. `breaks` says in which turn the first try fails. */
function summing(options: TaskOptions, breaks: (stage: Stage) => boolean = () => false) {
  return (stage: Stage) => {
    const sum = task("sum", options, () => {
      const { count, value } = run.loop as { count: number; value?: number };
      stage.note(`turn ${count}`);
      if (breaks(stage)) throw new Error("broken");
      if (count < 3) throw loopWith((value ?? 0) + 10);
      return value;
    });
    return flow("f", async () => await sum());
  };
}

export const LOOPING: readonly Proof[] = [
  {
    rule: "looping.checkpoint",
    name: "the value of each turn is written, then the result",
    flow: summing({}),
    expect: { value: 30, writes: ["sum@1", "sum@2", "sum@3", "sum"] },
  },
  {
    rule: "looping.checkpoint",
    name: "each Looped says how many turns are over and where the turn's value lies",
    flow: summing({}),
    expect: {
      value: 30,
      and: ({ runs }) => {
        const looped = (runs.get("sum")?.events ?? []).filter(({ state }) => state === "Looped");
        expect(looped.map(({ loopCount }) => loopCount)).toEqual([1, 2, 3]);
        expect(new Set(looped.map(({ location }) => location)).size).toBe(3);
      },
    },
  },
  {
    rule: "looping.next",
    name: "the next turn sees the value of the one before, and how many are over",
    flow: summing({}),
    expect: { value: 30, ran: ["turn 0", "turn 1", "turn 2", "turn 3"] },
  },
  {
    rule: "looping.next",
    name: "without a store turns hand their values on all the same, and nothing is written",
    flow: summing({}),
    with: { store: null },
    expect: { value: 30, writes: [] },
  },
  {
    rule: "looping.checkpoint",
    name: "with `checkpoint: false` no turn is written either",
    flow: summing({ checkpoint: false }),
    expect: { value: 30, writes: [] },
  },
  {
    rule: "looping.retry",
    name: "a further try begins with the turn that failed",
    flow: summing({ retries: 1, retryDelay: 0 }, () => run.loop.count === 2 && run.tryNumber === 1),
    expect: {
      value: 30,
      ran: ["turn 0", "turn 1", "turn 2", "turn 2", "turn 3"],
      states: { sum: "Pending Running Looped Running Looped Running Retrying Running Looped Running Success" },
    },
  },
  {
    rule: "looping.retry",
    name: "retries count over the whole task, not for each turn",
    flow: summing({ retries: 1, retryDelay: 0 }, ({ ran }) => ran.length === 2 || ran.length === 4),
    expect: { end: "Failed", ran: ["turn 0", "turn 1", "turn 1", "turn 2"] },
  },
  {
    rule: "looping.retry",
    name: "a turn that waits long for its further try is gone on with by whoever claims the run then",
    flow: summing({ retries: 1, retryDelay: "1h" }, () => run.loop.count === 1 && run.tryNumber === 1),
    expect: { end: "waiting", ran: ["turn 0", "turn 1"], writes: ["sum@1"] },
    later: [
      {
        by: "recover",
        before: (stage) => stage.clock.pass(3_600_000),
        expect: { value: 30, ran: ["turn 1", "turn 2", "turn 3"], reads: ["sum@1"] },
      },
    ],
  },
  {
    rule: "looping.retry",
    name: "an attempt that takes over goes on with the turn whose value was kept last",
    flow: summing({}),
    with: { diesAfter: 5 },
    expect: { states: { sum: "Pending Running Looped Running" } },
    later: [
      {
        by: "recover",
        expect: { value: 30, ran: ["turn 1", "turn 2", "turn 3"], reads: ["sum@1"], writes: ["sum@2", "sum@3", "sum"] },
      },
    ],
  },
];
