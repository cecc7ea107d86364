import { expect } from "vitest";
import { flatten, flow, run, settle, skip, task, unmapped } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";

const inc = task("inc", (n: number) => n + 1);
const add = task("add", (a: number, b: number) => a + b);
const sum = task("sum", (list: readonly number[]) => list.reduce((a, b) => a + b, 0));
const pages = task("pages", (n: number) => Array.from({ length: n }, (_, index) => n * 10 + index));

export const MAPPING: readonly Proof[] = [
  {
    rule: "mapping.child-per-index",
    name: "a child per index, each with its index and its parent; the values come in the order of the list",
    flow: () => {
      const where = task("where", (letter: string) => `${letter}${run.mapIndex}`);
      return flow("f", async () => await where.map(["a", "b", "c"]));
    },
    expect: {
      value: ["a0", "b1", "c2"],
      and: ({ runs }) => {
        expect([...runs.keys()]).toEqual(["where", "where[0]", "where[1]", "where[2]"]);
        expect(runs.get("where[2]")?.declared).toMatchObject({ parent: 1, mapIndex: 2, number: 4 });
      },
    },
  },
  {
    rule: "mapping.child-per-index",
    name: "several lists go index by index",
    flow: () => flow("f", async () => await add.map([1, 2], [10, 20])),
    expect: { value: [11, 22] },
  },
  {
    rule: "mapping.child-per-index",
    name: "a list that a task returns is mapped over once it is there",
    flow: () => flow("f", async () => await inc.map(pages(2))),
    expect: { value: [21, 22], and: ({ runs }) => expect(runs.get("inc")?.declared?.upstream).toEqual([1]) },
  },
  {
    rule: "mapping.child-per-index",
    name: "runs in a mapped list belong each to the child of their index",
    flow: (stage) => {
      const { one, two } = cast(stage);
      const take = task("take", ({ n }: { n: number }) => n);
      return flow("f", async () => await take.map([two(), one()]));
    },
    expect: { value: [2, 1] },
  },
  {
    rule: "mapping.child-per-index",
    name: "a child that fails does not keep the others from running",
    flow: (stage) => {
      const odd = task("odd", (n: number) => {
        stage.note(`odd ${n}`);
        if (n === 2) throw new Error("even");
        return n;
      });
      return flow("f", async () => (await settle(odd.map([1, 2, 3]))).state);
    },
    expect: { value: "Mapped", ran: ["odd 1", "odd 2", "odd 3"], states: { "odd[1]": "Pending Running Failed" } },
  },
  {
    rule: "mapping.unmapped",
    name: "an unmapped value goes whole to every child, a run's too",
    flow: () => flow("f", async () => await add.map([1, 2, 3], unmapped(sum([4, 5])))),
    expect: { value: [10, 11, 12] },
  },
  {
    rule: "mapping.flatten",
    name: "`flatten` makes one list of a list of lists, of a mapped run's too",
    flow: () => flow("f", async () => await inc.map(flatten(pages.map([1, 2])))),
    expect: { value: [11, 21, 22] },
  },
  {
    rule: "mapping.flatten",
    name: "`flatten` flattens one level",
    flow: () => {
      const count = task("count", (list: readonly number[]) => list.length);
      return flow("f", async () => await count.map(flatten([[[1, 2]], [[3]]])));
    },
    expect: { value: [2, 1] },
  },
  {
    rule: "mapping.no-barrier",
    name: "map over map goes index by index: a child begins when the child of its index has ended, not when all have",
    flow: (stage) => {
      const slow = task("slow", async (n: number) => {
        await stage.clock.sleep(n * 1_000);
        stage.note(`slow ${n}`);
        return n;
      });
      const next = task("next", (n: number) => stage.note(`next ${n}`));
      return flow("f", async () => {
        await next.map(slow.map([1, 9]));
      });
    },
    expect: { end: "Success", and: ({ ran }) => expect(ran).toEqual(["slow 1", "next 1", "slow 9", "next 9"]) },
  },
  {
    rule: "mapping.no-barrier",
    name: "a failed child takes only the children of its index along",
    flow: () => {
      const odd = task("odd", (n: number) => {
        if (n === 2) throw new Error("even");
        return n;
      });
      return flow("f", async () => {
        await settle(inc.map(odd.map([1, 2, 3])));
      });
    },
    expect: {
      end: "Success",
      states: {
        "inc[0]": "Pending Running Success",
        "inc[1]": "Pending TriggerFailed",
        "inc[2]": "Pending Running Success",
      },
      says: { "inc[1]": /odd.*index 1/ },
    },
  },
  {
    rule: "mapping.no-barrier",
    name: "a skipped child takes only the children of its index along",
    flow: () => {
      const odd = task("odd", (n: number) => {
        if (n === 2) throw skip("even");
        return n;
      });
      return flow("f", async () => {
        await settle(inc.map(odd.map([1, 2])));
      });
    },
    expect: { end: "Success", states: { "inc[0]": "Pending Running Success", "inc[1]": "Pending Skipped" } },
  },
  {
    rule: "mapping.reduce",
    name: "a plain consumer of a mapped run gets the list, when all children have ended",
    flow: () => flow("f", async () => await sum(inc.map([1, 2, 3]))),
    expect: { value: 9, and: ({ runs }) => expect(runs.get("sum")?.declared?.upstream).toEqual([1]) },
  },
  {
    rule: "mapping.reduce",
    name: "a consumer of a list with a failed child does not run, and is told how many failed",
    flow: () => {
      const odd = task("odd", (n: number) => {
        if (n === 2) throw new Error("even");
        return n;
      });
      return flow("f", async () => await sum(odd.map([1, 2, 3])));
    },
    expect: { end: "Failed", states: { sum: "Pending TriggerFailed" }, says: { sum: /1 of the 3 children/ } },
  },
  {
    rule: "mapping.reduce",
    name: "`settle` of a mapped run answers for each child",
    flow: () => {
      const odd = task("odd", (n: number) => {
        if (n === 2) throw new Error("even");
        return n;
      });
      return flow("f", async () => {
        const { children } = await settle(odd.map([1, 2]));
        return children.map(({ state, value, failure }) => [state, value ?? failure?.message]);
      });
    },
    expect: {
      value: [
        ["Success", 1],
        ["Failed", "even"],
      ],
    },
  },
  {
    rule: "mapping.unequal",
    name: "lists of unequal lengths fail the mapped run and say both lengths; no child is made",
    flow: () => flow("f", async () => await add.map([1, 2, 3], [1, 2])),
    expect: {
      end: "Failed",
      states: { add: "Pending Failed", "add[0]": null },
      codes: { add: "MAP_INVALID" },
      says: { add: /input 1 has 3 elements.*input 2 has 2/ },
    },
  },
  {
    rule: "mapping.unequal",
    name: "two mapped runs of unequal lengths are an error too",
    flow: () => flow("f", async () => await add.map(inc.map([1, 2, 3]), inc.map([1, 2]))),
    expect: { end: "Failed", states: { add: "Pending Failed" }, codes: { add: "MAP_INVALID" } },
  },
  {
    rule: "mapping.location",
    name: "each child's result has a location of its own, which contains its index",
    flow: () => flow("f", async () => await inc.map([5, 6, 7])),
    expect: {
      value: [6, 7, 8],
      writes: ["inc[0]", "inc[1]", "inc[2]"],
      and: ({ runs }, stage) => {
        const locations = [0, 1, 2].map((index) => runs.get(`inc[${index}]`)?.events.at(-1)?.location);
        expect(new Set(locations).size).toBe(3);
        expect(new Set(stage.store.wheres.map(({ mapIndex }) => mapIndex))).toEqual(new Set([0, 1, 2]));
      },
    },
  },
  {
    rule: "mapping.concurrency",
    name: "no more than `maxConcurrency` children run at the same time, and that many do",
    flow: (stage) => {
      let [running, most] = [0, 0];
      const busy = task("busy", { maxConcurrency: 3 }, async (_x: number) => {
        running += 1;
        most = Math.max(most, running);
        await stage.clock.sleep(1_000);
        running -= 1;
      });
      return flow("f", async () => {
        await busy.map(Array.from({ length: 10 }, (_, index) => index));
        return most;
      });
    },
    expect: { value: 3 },
  },
  {
    rule: "mapping.concurrency",
    name: "a child that waits for a further try keeps its turn",
    flow: (stage) => {
      const shaky = task("shaky", { maxConcurrency: 1, retries: 1, retryDelay: "1s" }, (n: number) => {
        stage.note(`${n}.${run.tryNumber}`);
        if (n === 1 && run.tryNumber === 1) throw new Error("once");
      });
      return flow("f", async () => {
        await shaky.map([1, 2]);
      });
    },
    expect: { end: "Success", and: ({ ran }) => expect(ran).toEqual(["1.1", "1.2", "2.1"]) },
  },
];
