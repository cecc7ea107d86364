import { expect } from "vitest";
import { flow, run, settle, startFlowRun, task, waitForFlowRun } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";

export const SUBFLOWS: readonly Proof[] = [
  {
    rule: "subflows.inside",
    name: "a flow called inside a flow gives its value, and its tasks run in the same run",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      const inner = flow("inner", async ({ x }: { x: number }) => await pass(x, one()));
      return flow("f", async () => await inner({ x: 5 }));
    },
    expect: { value: [5, { n: 1 }], ran: ["one", "pass"], and: ({ asked }) => expect(asked).toEqual([]) },
  },
  {
    rule: "subflows.inside",
    name: "the subflow is a task run of its name, from Running to Success",
    flow: (stage) => {
      const { one } = cast(stage);
      const inner = flow("inner", async () => await one());
      return flow("f", async () => await inner());
    },
    expect: { value: { n: 1 }, states: { inner: "Pending Running Success", one: "Pending Running Success" } },
  },
  {
    rule: "subflows.inside",
    name: "a subflow that fails throws its failure where it was awaited, and is Failed",
    flow: (stage) => {
      const { broken } = cast(stage);
      const inner = flow("inner", async () => (await broken()) as unknown);
      return flow("f", async () => {
        try {
          return await inner();
        } catch (error) {
          return String(error);
        }
      });
    },
    expect: { value: "Error: broken", states: { inner: "Pending Running Failed" } },
  },
  {
    rule: "subflows.inside",
    name: "parameters that do not fit fail the subflow, not the process",
    flow: () => {
      const schema = {
        "~standard": {
          version: 1 as const,
          vendor: "test",
          validate: () => ({ issues: [{ message: "must be a day", path: ["day"] }] }),
        },
      };
      const inner = flow("inner", { parameters: schema }, async () => 1);
      return flow("f", async () => await (inner as () => Promise<number>)());
    },
    expect: { end: "Failed", says: { "": /day.*must be a day/ } },
  },
  {
    rule: "subflows.inside",
    name: "the subflow's own parameters are what its tasks see",
    flow: () => {
      const look = task("look", () => run.parameters);
      const inner = flow("inner", async (_x: { x: number }) => await look());
      return flow("f", async (_x: { day: string }) => [await look(), await inner({ x: 5 })]);
    },
    with: { parameters: { day: "mon" } },
    expect: { value: [{ day: "mon" }, { x: 5 }] },
  },
  {
    rule: "subflows.parent",
    name: "the tasks of a subflow carry its number as their parent",
    flow: (stage) => {
      const { one, two } = cast(stage);
      const inner = flow("inner", async () => await one());
      return flow("f", async () => {
        await inner();
        await two();
      });
    },
    expect: {
      end: "Success",
      and: ({ runs }) => {
        const number = runs.get("inner")?.declared?.number;
        expect(runs.get("one")?.declared?.parent).toBe(number);
        expect(runs.get("two")?.declared?.parent).toBe(undefined);
      },
    },
  },
  {
    rule: "subflows.inside",
    name: "after a restart the finished tasks of a subflow are not run again",
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      const inner = flow("inner", async () => await fragile(one()));
      return flow("f", async () => await inner());
    },
    expect: { end: "Failed", ran: ["one", "fragile"] },
    later: [{ by: "restart", expect: { end: "Success", ran: ["fragile"], reads: ["one"] } }],
  },
  {
    rule: "subflows.inside",
    name: "the same subflow may be called twice: their tasks are told apart after a restart",
    flow: (stage) => {
      const fragile = task("fragile", (n: number) => {
        stage.note(`fragile ${n}`);
        if (n === 2 && run.attempt === 1) throw new Error("broken");
        return n;
      });
      const inner = flow("inner", async ({ n }: { n: number }) => await fragile(n));
      return flow("f", async () => await Promise.all([inner({ n: 1 }), inner({ n: 2 })]));
    },
    expect: { end: "Failed", ran: ["fragile 1", "fragile 2"] },
    later: [{ by: "restart", expect: { value: [1, 2], ran: ["fragile 2"] } }],
  },
  {
    rule: "subflows.inside",
    name: "tasks of one name in two subflows keep each its own value over a restart",
    flow: (stage) => {
      const load = task("load", (n: number) => {
        stage.note(`load ${n}`);
        return { n };
      });
      const fragile = task("fragile", ({ n }: { n: number }) => {
        if (run.attempt === 1) throw new Error("broken");
        return n;
      });
      const inner = flow("inner", async ({ n }: { n: number }) => await fragile(load(n)));
      return flow("f", async () => {
        const ends = [inner({ n: 1 }), inner({ n: 2 })];
        return await Promise.all(ends);
      });
    },
    expect: { end: "Failed", ran: ["load 1", "load 2"] },
    later: [{ by: "restart", expect: { value: [1, 2], ran: [], reads: ["load", "load"] } }],
  },
  {
    rule: "subflows.cancel",
    name: "cancelling the run cancels the subflow and its tasks",
    flow: (stage) => {
      const { pass } = cast(stage);
      const obedient = task("obedient", async () => {
        const { signal } = run;
        setImmediate(() => stage.run?.cancel(60_000));
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        throw signal.reason as Error;
      });
      const inner = flow("inner", async () => await pass(obedient()));
      return flow("f", async () => await inner());
    },
    expect: {
      end: "Cancelled",
      states: { obedient: "Pending Running Cancelling Cancelled", pass: "Pending Cancelled" },
      and: ({ runs }) => expect(runs.get("inner")?.states.at(-1)).toBe("Cancelled"),
    },
  },
  {
    rule: "subflows.start",
    name: "`startFlowRun` asks the cloud for a run, and gives its id",
    flow: () =>
      flow("f", async () => {
        const id = await startFlowRun("nightly", { parameters: { day: "mon" }, project: "data", idempotencyKey: "k" });
        return id;
      }),
    expect: {
      value: "child-k",
      asked: ["start nightly"],
      and: (_, stage) =>
        expect(stage.cloud.starts[0]).toMatchObject({ flow: "nightly", parameters: { day: "mon" }, project: "data" }),
    },
  },
  {
    rule: "subflows.start",
    name: "started again by a further try, or after a crash, it is the same run: the key is the task run's own",
    flow: () => flow("f", async () => await startFlowRun("nightly", {})),
    with: { diesAfter: 3 },
    expect: {},
    later: [
      {
        by: "recover",
        expect: {
          end: "Success",
          and: (_, stage) => {
            const keys = stage.cloud.starts.map(({ idempotencyKey }) => idempotencyKey);
            expect(keys).toHaveLength(2);
            expect(new Set(keys).size).toBe(1);
          },
        },
      },
    ],
  },
  {
    rule: "subflows.wait",
    name: "`waitForFlowRun` waits for the run's end and tells it",
    flow: () =>
      flow("f", async () => {
        const { runId, state } = await waitForFlowRun(startFlowRun("nightly", { idempotencyKey: "k" }));
        return [runId, state];
      }),
    expect: { value: ["child-k", "Success"], asked: ["start nightly", "outcome child-k"] },
  },
  {
    rule: "subflows.wait",
    name: "a run that did not succeed fails whoever waits for it",
    before: ({ cloud }) => (cloud.outcomes = { "child-k": "Failed" }),
    flow: () => flow("f", async () => await waitForFlowRun(startFlowRun("nightly", { idempotencyKey: "k" }))),
    expect: { end: "Failed", says: { "": /CHILD_RUN_FAILED/ } },
  },
  {
    rule: "subflows.wait",
    name: "with `raise: false` whoever waits is told instead",
    before: ({ cloud }) => (cloud.outcomes = { "child-k": "Failed" }),
    flow: () =>
      flow("f", async () => {
        const id = startFlowRun("nightly", { idempotencyKey: "k" });
        const { state, failure } = await waitForFlowRun(id, { raise: false });
        return [state, failure?.message];
      }),
    expect: { value: ["Failed", "the child broke"] },
  },
  {
    rule: "subflows.start",
    name: "a refusal of the cloud fails the task with the cloud's sentence",
    before: ({ cloud }) => (cloud.refusal = "There is no flow nightly in the project data."),
    flow: () =>
      flow("f", async () => {
        const started = startFlowRun("nightly", {});
        return (await settle(started)).failure?.message;
      }),
    expect: { end: "Success", and: ({ end }) => expect("value" in end && end.value).toMatch(/no flow nightly/) },
  },
  {
    rule: "subflows.start",
    name: "without a cloud it fails and says that it needs one",
    holds: async () => {
      const { state, failure } = await flow("f", async () => await startFlowRun("nightly", {})).run();
      expect({ state, failure }).toMatchObject({ state: "Failed", failure: { code: "NEEDS_CLOUD" } });
    },
  },
];
