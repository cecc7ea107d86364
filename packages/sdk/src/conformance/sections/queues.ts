import { expect } from "vitest";
import { flow, task } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import { elsewhere } from "../support/elsewhere.ts";

export const QUEUES: readonly Proof[] = [
  {
    rule: "queues.granted",
    name: "a task whose slots are free runs at once",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one.with({ tags: ["db"] })());
    },
    expect: { end: "Success", asked: ["slots 1 db"], states: { one: "Pending Running Success" } },
  },
  {
    rule: "queues.full",
    name: "a task whose limit is full is Queued, and runs when an order grants it",
    before: ({ cloud }) => (cloud.full = ["db"]),
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => {
        const queued = one.with({ tags: ["db"] })();
        await stage.clock.sleep(1_000);
        stage.note("granted");
        stage.run?.order({ kind: "slots", numbers: [1] });
        return await queued;
      });
    },
    expect: {
      value: { n: 1 },
      states: { one: "Pending Queued Running Success" },
      and: ({ ran }) => expect(ran).toEqual(["granted", "one"]),
    },
  },
  {
    rule: "queues.full",
    name: "a grant for another task run lets no one go on",
    before: ({ cloud }) => (cloud.full = ["db"]),
    flow: (stage) => {
      const { one, two } = cast(stage);
      return flow("f", async () => {
        const [first, second] = [one.with({ tags: ["db"] })(), two.with({ tags: ["db"] })()];
        await stage.clock.sleep(1_000);
        stage.run?.order({ kind: "slots", numbers: [2] });
        await second;
        stage.note("between");
        stage.run?.order({ kind: "slots", numbers: [1] });
        await first;
      });
    },
    expect: { end: "Success", and: ({ ran }) => expect(ran).toEqual(["two", "between", "one"]) },
  },
  {
    rule: "queues.full",
    name: "others go on while one is queued",
    before: ({ cloud }) => (cloud.full = ["db"]),
    flow: (stage) => {
      const { one, two } = cast(stage);
      return flow("f", async () => {
        const queued = one.with({ tags: ["db"] })();
        await two();
        stage.run?.order({ kind: "slots", numbers: [1] });
        await queued;
      });
    },
    expect: { end: "Success", and: ({ ran }) => expect(ran).toEqual(["two", "one"]) },
  },
  {
    rule: "queues.full",
    name: "a queued task is cancelled without having run",
    before: ({ cloud }) => (cloud.full = ["db"]),
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => {
        const queued = one.with({ tags: ["db"] })();
        await stage.clock.sleep(1_000);
        stage.run?.cancel(10_000);
        await queued;
      });
    },
    expect: { end: "Cancelled", ran: [], states: { one: "Pending Queued Cancelled" } },
  },
  {
    rule: "queues.granted",
    name: "each try, each child and each turn asks for its own slots",
    flow: (stage) => {
      const { pass } = cast(stage);
      let tries = 0;
      const shaky = task("shaky", { tags: ["api"], retries: 1, retryDelay: 0 }, () => {
        tries += 1;
        if (tries === 1) throw new Error("once");
      });
      return flow("f", async () => {
        await shaky();
        await pass.with({ tags: ["db"] }).map([1, 2]);
      });
    },
    expect: { end: "Success", asked: ["slots 1 api", "slots 1 api", "slots 3 db", "slots 4 db"] },
  },
  elsewhere(
    "queues.full",
    "limits by tag are counted from live leases, and a queued task run keeps its place",
    "apps/cloud-api/src/task-limits/slots.test.ts",
  ),
];
