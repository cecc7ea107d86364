import { expect } from "vitest";
import { memoryStore } from "@weir/results";
import { flow, retryAfter, run, settle, task } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import { elsewhere } from "../support/elsewhere.ts";
import { RecordingStore } from "../support/recording-store.ts";
import type { Stage } from "../support/stage.ts";

/** A task that succeeds in its second try. */
export function shakyOf(stage: Stage, retryDelay: "0s" | "1h" = "0s") {
  return task("shaky", { retries: 1, retryDelay }, (...inputs: unknown[]) => {
    stage.note("shaky");
    if (run.tryNumber === 1) throw new Error("once");
    return inputs.length;
  });
}

export const unkept = { checkpoint: false } as const;

export const PERSISTENCE: readonly Proof[] = [
  {
    rule: "persistence.retrying",
    name: "a task goes to Retrying: its inputs that were not written are written now, and told",
    flow: (stage) => {
      const { one, two } = cast(stage);
      return flow("f", async () => await shakyOf(stage)(one.with(unkept)(), [two.with(unkept)()]));
    },
    expect: {
      value: 2,
      writes: ["one", "two", "shaky"],
      and: ({ events }) => {
        const results = events.filter((event) => event.kind === "result");
        expect(new Set(results.map(({ number }) => number))).toEqual(new Set([1, 2]));
      },
    },
  },
  {
    rule: "persistence.retrying",
    name: "an input that is written already is not written again, and neither is one by the next Retrying",
    flow: (stage) => {
      const { one, two } = cast(stage);
      const shaky = task("shaky", { retries: 3, retryDelay: 0 }, (..._x: unknown[]) => {
        if (run.tryNumber < 4) throw new Error("again");
      });
      return flow("f", async () => {
        await shaky(one(), two.with(unkept)());
      });
    },
    expect: { end: "Success", writes: ["one", "two", "shaky"] },
  },
  {
    rule: "persistence.retrying",
    name: "an input that several retrying tasks take is written once",
    flow: (stage) => {
      const { one } = cast(stage);
      const shaky = shakyOf(stage);
      return flow("f", async () => {
        const shared = one.with(unkept)();
        await Promise.all([shaky(shared), shaky(shared), shaky(shared)]);
      });
    },
    expect: { end: "Success", writes: ["one", "shaky", "shaky", "shaky"] },
  },
  {
    rule: "persistence.retrying",
    name: "each is written through the upstream's own store, not the task's",
    flow: (stage) => {
      const { one } = cast(stage);
      const own = new RecordingStore("own");
      return flow("f", async () => {
        await shakyOf(stage)(one.with({ ...unkept, result: own })());
        return own.writes;
      });
    },
    expect: { value: ["one"], writes: ["shaky"] },
  },
  {
    rule: "persistence.retrying",
    name: "an awaited object that is handed on is such an input too",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await shakyOf(stage)(await one.with(unkept)()));
    },
    expect: { value: 1, writes: ["one", "shaky"] },
  },
  {
    rule: "persistence.retrying",
    name: "of a mapped input the children are written, each with its index; the list never",
    flow: (stage) => {
      const { pass } = cast(stage);
      return flow("f", async () => await shakyOf(stage)(pass.with(unkept).map([1, 2])));
    },
    expect: { value: 1, writes: ["pass[0]", "pass[1]", "shaky"] },
  },
  {
    rule: "persistence.retrying",
    name: "`retryAfter` goes to Retrying like any other",
    flow: (stage) => {
      const { one } = cast(stage);
      const later = task("later", (_x: unknown) => {
        if (run.tryNumber === 1) throw retryAfter("1s");
      });
      return flow("f", async () => {
        await later(one.with(unkept)());
      });
    },
    expect: { end: "Success", writes: ["one", "later"] },
  },
  {
    rule: "persistence.retrying",
    name: "with the input written, whoever takes over after a crash does not run it again",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await shakyOf(stage, "1h")(one.with(unkept)()));
    },
    expect: { end: "waiting", ran: ["one", "shaky"], writes: ["one"] },
    later: [
      {
        by: "recover",
        before: (stage) => stage.clock.pass(3_600_000),
        expect: { value: 1, ran: ["shaky"], reads: ["one"] },
      },
    ],
  },
  {
    rule: "persistence.retrying",
    name: "what a task only comes `after` is no input: it is not written",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await shakyOf(stage).with({ after: [one.with(unkept)()] })());
    },
    expect: { value: 0, writes: ["shaky"] },
  },
  {
    rule: "persistence.retrying",
    name: "an input that cannot be written is told, and the task is tried again all the same",
    before: ({ store }) => (store.trouble = { write: ["one"] }),
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await shakyOf(stage)(one.with(unkept)()));
    },
    expect: { value: 1, writes: ["shaky"], logs: [/no rights/] },
  },
  {
    rule: "persistence.retrying",
    name: "the run does not end before such a write has: it is told before the end",
    before: ({ store, clock }) => {
      store.trouble = { slow: async (place) => await clock.sleep(place === "one" ? 60_000 : 0) };
    },
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await shakyOf(stage)(one.with(unkept)()));
    },
    expect: {
      value: 1,
      writes: ["one", "shaky"],
      and: ({ events }) => expect(events.some((event) => event.kind === "result" && event.number === 1)).toBe(true),
    },
  },
  {
    rule: "persistence.queued",
    name: "a task is Queued: its inputs that were not written are written now",
    before: ({ cloud }) => (cloud.full = ["db"]),
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        const queued = pass.with({ tags: ["db"], ...unkept })(one.with(unkept)());
        await stage.clock.sleep(1_000);
        stage.run?.order({ kind: "slots", numbers: [2] });
        await queued;
      });
    },
    expect: { end: "Success", writes: ["one"], states: { pass: "Pending Queued Running Success" } },
  },
  {
    rule: "persistence.queued",
    name: "a task whose slots are granted at once writes no input",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        await pass.with({ tags: ["db"], ...unkept })(one.with(unkept)());
      });
    },
    expect: { end: "Success", writes: [], states: { pass: "Pending Running Success" } },
  },
  {
    rule: "persistence.cache",
    name: "a task is set to cache: each input and its own output are written",
    flow: (stage) => {
      const { one, two, pass } = cast(stage);
      return flow("f", async () => {
        await pass.with({ cacheFor: "1h" })(one.with(unkept)(), two());
      });
    },
    expect: { end: "Success", writes: ["one", "two", "pass"], states: { pass: "Pending Running Cached" } },
  },
  {
    rule: "persistence.cache",
    name: "its output is written although `checkpoint` is false: a cached result must be somewhere",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one.with({ cacheFor: "1h", ...unkept })());
    },
    expect: { end: "Success", writes: ["one"], states: { one: "Pending Running Cached" } },
  },
  {
    rule: "persistence.cache",
    name: "a task to be cached that fails writes nothing",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      return flow("f", async () => {
        await settle(broken.with({ cacheFor: "1h", after: [one.with(unkept)()] })());
      });
    },
    expect: { end: "Success", writes: [] },
  },
  {
    rule: "persistence.checkpoint",
    name: "a task is checkpointed: its own output is written, and no input",
    flow: (stage) => {
      const { one, two, pass } = cast(stage);
      return flow("f", async () => {
        await pass(one.with(unkept)(), [await two.with(unkept)()]);
      });
    },
    expect: { end: "Success", writes: ["pass"] },
  },
  {
    rule: "persistence.parameters",
    name: "parameters are never written to a store",
    flow: (stage) => {
      const { pass } = cast(stage);
      return flow("f", async ({ day }: { day: string }) => {
        await pass.with({ ...unkept, retries: 1 })(day);
      });
    },
    with: { parameters: { day: "mon" } },
    expect: { end: "Success", writes: [] },
  },
  elsewhere(
    "persistence.parameters",
    "parameters cross as JSON of a class of their own",
    "apps/cli/src/prove/prove.test.ts",
    /the policy %s lets out what it says/,
  ),
  elsewhere(
    "persistence.default-store",
    "the storage's store is attached for every way of loading the flow",
    "packages/sdk/src/conformance/default-store.test.ts",
    /every way/i,
  ),
  elsewhere(
    "persistence.wrappers",
    "`encrypted`: nothing of a value lies in the store",
    "packages/results/src/wrappers/encrypted.test.ts",
  ),
  elsewhere(
    "persistence.location-gate",
    "every location that leaves passes the gate",
    "apps/cli/src/prove/prove.test.ts",
    /the policy %s lets out what it says/,
  ),
  {
    rule: "persistence.by-default",
    name: "with a store every task that returns is checkpointed, each child of a map too",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        await one();
        await pass.map([1, 2]);
      });
    },
    expect: { end: "Success", writes: ["one", "pass[0]", "pass[1]"] },
  },
  {
    rule: "persistence.switched-off",
    name: "`checkpoint: false` switches one task off, and no other",
    flow: (stage) => {
      const { one, two } = cast(stage);
      return flow("f", async () => {
        await one.with(unkept)();
        await two();
      });
    },
    expect: { end: "Success", writes: ["two"] },
  },
  {
    rule: "persistence.docker",
    name: "where the storage attaches no store nothing is written, whatever happens",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        await shakyOf(stage)(one());
        await pass.map([1]);
        return await pass.with({ retries: 1 })(1);
      });
    },
    with: { store: null },
    expect: {
      value: [1],
      writes: [],
      and: ({ events }) => expect(JSON.stringify(events)).not.toContain('"location"'),
    },
  },
  {
    rule: "persistence.precedence",
    name: "task's store before flow's store before the storage's, before none",
    flow: (stage) => {
      const { one, two } = cast(stage);
      const [ofTask, ofFlow] = [new RecordingStore("task"), new RecordingStore("flow")];
      return flow("f", { result: ofFlow }, async () => {
        await one.with({ result: ofTask })();
        await two();
        return [ofTask.writes, ofFlow.writes];
      });
    },
    expect: { value: [["one"], ["two"]], writes: [] },
  },
  {
    rule: "persistence.precedence",
    name: "a task that names a store writes to it where no other is attached",
    flow: (stage) => {
      const { one, two } = cast(stage);
      return flow("f", async () => {
        await one.with({ result: stage.store })();
        await two();
      });
    },
    with: { store: null },
    expect: { end: "Success", writes: ["one"] },
  },
  {
    rule: "persistence.own-store",
    name: "a store of the user's own is called with what it needs to give each result its place",
    flow: (stage) => {
      const { pass } = cast(stage);
      return flow("daily", async () => {
        await pass.map([7]);
      });
    },
    expect: {
      end: "Success",
      and: (_, stage) =>
        expect(stage.store.wheres[0]).toMatchObject({
          runId: "run-1",
          flow: "daily",
          task: "pass",
          taskRunNumber: 2,
          attempt: 1,
          tryNumber: 1,
          mapIndex: 0,
        }),
    },
  },
  {
    rule: "persistence.store",
    name: "a store writes a value, says whether it exists, and reads an equal one",
    holds: async () => {
      const store = memoryStore();
      const where = { runId: "r", flow: "f", task: "t", taskRunNumber: 1, attempt: 1, tryNumber: 1 };
      const { location } = await store.write({ at: new Date(0), big: 1n }, where);
      expect(await store.exists(location)).toBe(true);
      expect(await store.read(location)).toEqual({ at: new Date(0), big: 1n });
    },
  },
];
