import { expect } from "vitest";
import { flow, run, settle, task, type TaskRun } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import { elsewhere } from "../support/elsewhere.ts";
import { Stage } from "../support/stage.ts";

const asRun = (value: unknown): TaskRun<unknown> => value as TaskRun<unknown>;

export const BAD_INPUT: readonly Proof[] = [
  {
    rule: "bad.itself",
    name: "a task that is handed its own run, through a list, fails and says so; nothing hangs",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        const list: unknown[] = [one()];
        const tied = pass(list);
        list.push(tied);
        await settle(tied);
        return await settle(pass(7));
      });
    },
    expect: {
      end: "Success",
      codes: { pass: "INPUT_INVALID" },
      says: { pass: /list was changed/ },
      ran: ["one", "pass"],
      states: { "pass#1": "Pending Running Success" },
    },
  },
  {
    rule: "bad.itself",
    name: "a run that a task awaits from within itself fails with a sentence instead of waiting for ever",
    flow: (stage) => {
      const { one } = cast(stage);
      const knot: { own?: TaskRun<unknown> } = {};
      const tied = task("tied", async () => {
        await new Promise((resolve) => setImmediate(resolve));
        await knot.own;
      });
      return flow("f", async () => {
        knot.own = tied();
        await settle(knot.own);
        return await one();
      });
    },
    expect: { value: { n: 1 }, states: { tied: "Pending Running Failed" }, codes: { tied: "INPUT_INVALID" } },
  },
  {
    rule: "bad.itself",
    name: "two tasks that await each other from within fail with a sentence instead of waiting for ever",
    flow: () => {
      const knot: { left?: TaskRun<unknown>; right?: TaskRun<unknown> } = {};
      const pause = async () => await new Promise((resolve) => setImmediate(resolve));
      const left = task("left", async () => {
        await pause();
        await knot.right;
      });
      const right = task("right", async () => {
        await pause();
        await knot.left;
      });
      return flow("f", async () => {
        knot.left = left();
        knot.right = right();
        const ends = [await settle(knot.left), await settle(knot.right)];
        return ends.map(({ state }) => state);
      });
    },
    expect: { value: ["Failed", "Failed"] },
  },
  {
    rule: "bad.itself",
    name: "a run of another flow run is refused by name, and does not hang",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      const other: { run?: TaskRun<unknown> } = {};
      return flow("f", async () => {
        await new Stage().play(
          flow("other", async () => {
            other.run = one();
            await other.run;
          }),
        );
        return await pass(asRun(other.run));
      });
    },
    expect: { end: "Failed", says: { "": /another flow run/ } },
  },
  {
    rule: "bad.map",
    name: "a number, a text, null or an object cannot be mapped: it says which input it is and what to do",
    flow: (stage) => {
      const { pass } = cast(stage);
      const loosely = (...inputs: unknown[]) =>
        (pass as unknown as { map: (...all: unknown[]) => TaskRun<unknown> }).map(...inputs);
      return flow("f", async () => {
        for (const value of [5, "text", null, { a: 1 }]) await settle(loosely([1], value));
      });
    },
    expect: {
      end: "Success",
      states: {
        pass: "Pending Failed",
        "pass#1": "Pending Failed",
        "pass#2": "Pending Failed",
        "pass#3": "Pending Failed",
      },
      codes: { pass: "MAP_INVALID", "pass#2": "MAP_INVALID" },
      says: { pass: /input 2.*number.*unmapped/, "pass#2": /null/ },
      ran: [],
    },
  },
  {
    rule: "bad.map",
    name: "a task run whose value is no list cannot be mapped over",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        await settle(pass.map(one() as unknown as TaskRun<unknown[]>));
      });
    },
    expect: { end: "Success", states: { pass: "Pending Failed" }, codes: { pass: "MAP_INVALID" }, ran: ["one"] },
  },
  {
    rule: "bad.map",
    name: "maps of unequal length, and a map over nothing but unmapped values: a sentence each",
    flow: (stage) => {
      const { pass } = cast(stage);
      return flow("f", async () => {
        await settle(pass.map([1, 2], [1]));
        await settle((pass.map as () => TaskRun<unknown>)());
      });
    },
    expect: {
      end: "Success",
      codes: { pass: "MAP_INVALID", "pass#1": "MAP_INVALID" },
      says: { pass: /one length/, "pass#1": /list/ },
    },
  },
  {
    rule: "persistence.template-unknown",
    name: "a template with an unknown name is refused where it is written, and says which names there are",
    holds: () => expect(() => task("t", { target: "{task}/{nobody}.json" }, () => 1)).toThrow(/nobody/),
  },
  {
    rule: "bad.template",
    name: "a template with an unknown name is refused before anything runs",
    holds: () => expect(() => task("t", { target: "{mapindex}.json" }, () => 1)).toThrow(/mapindex/),
  },
  {
    rule: "bad.template",
    name: "two mapped children with one location: neither gets the other's value",
    flow: () => {
      const double = task("double", { target: "same.json" }, (n: number) => n * 2);
      return flow("f", async () => await double.map([1, 2]));
    },
    expect: {
      and: ({ end, events }) => {
        if ("value" in end) expect(end.value).toEqual([2, 4]);
        else expect(JSON.stringify(events)).toContain("LOCATION_INVALID");
      },
    },
  },
  {
    rule: "persistence.template",
    name: "a template may name flow, task, date, index, parameters and inputs",
    flow: (stage) => {
      const { pass } = cast(stage);
      const target = "{flow}/{task}/{date:yyyy-MM-dd}/{parameters.day}-{inputs.0}-{mapIndex}.json";
      return flow("f", async (_x: { day: string }) => await pass.with({ target }).map([7]));
    },
    with: { parameters: { day: "mon" } },
    expect: {
      value: [[7]],
      and: ({ runs }) =>
        expect(runs.get("pass[0]")?.events.at(-1)?.location).toMatch(/f\/pass\/1970-01-01\/mon-7-0\.json/),
    },
  },
  {
    rule: "bad.store",
    name: "a store without rights: the task is Failed with the store's sentence, its code runs once, the others go on",
    before: ({ store }) => (store.trouble = { write: ["one"] }),
    flow: (stage) => {
      const { one, two } = cast(stage);
      return flow("f", async () => {
        await settle(one());
        return await two();
      });
    },
    expect: {
      value: { n: 2 },
      ran: ["one", "two"],
      codes: { one: "RESULT_WRITE_FAILED" },
      says: { one: /no rights. Grant them/ },
    },
  },
  {
    rule: "bad.store",
    name: "an object that vanished, or is not what was written: whoever needs it is Failed with the sentence",
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => await fragile(one()));
    },
    expect: { end: "Failed" },
    later: [
      {
        by: "restart",
        before: ({ store }) =>
          (store.trouble = { read: { one: () => Promise.reject(new Error("it was cut to 3 bytes")) } }),
        expect: {
          end: "Failed",
          codes: { fragile: "RESULT_READ_FAILED" },
          states: { fragile: "Pending Failed" },
          says: { fragile: /cut to 3 bytes/ },
          ran: [],
        },
      },
    ],
  },
  {
    rule: "bad.cached",
    name: "a cached value of an older shape is what the validator may refuse: the task runs, and its result replaces it",
    flow: (stage) => {
      const { note } = stage;
      const shape = task("shape", { cacheFor: "1h", cacheKey: "v1" }, () => {
        note("shape");
        return { v: 1 };
      });
      return flow("f", async () => await shape());
    },
    expect: { end: "Success", ran: ["shape"] },
    later: [
      {
        by: "new",
        before: ({ store }) =>
          (store.trouble = { read: { shape: () => Promise.reject(new Error("this is no JSON")) } }),
        expect: { value: { v: 1 }, ran: ["shape"], logs: [/no JSON/] },
      },
    ],
  },
  {
    rule: "bad.huge",
    name: "a value that cannot be written ends the task as Failed with a sentence; a large one is passed on as it is",
    flow: (stage) => {
      const { pass } = cast(stage);
      const odd = task("odd", () => () => 1);
      const large = task("large", { checkpoint: false }, () => "x".repeat(200_000_000));
      const size = task("size", (text: string) => text.length);
      return flow("f", async () => {
        const { state, failure } = await settle(odd());
        await pass(1);
        return [state, failure?.code, await size(large())];
      });
    },
    expect: { value: ["Failed", "RESULT_NOT_SERIALIZABLE", 200_000_000] },
  },
  elsewhere(
    "bad.huge",
    "a value of 1 GiB is Failed with a sentence",
    "packages/sdk/src/conformance/local-storage.test.ts",
    /1 GiB/,
  ),
  elsewhere(
    "bad.store",
    "a file that was cut, and one that vanished, is told by its name",
    "packages/sdk/src/conformance/local-storage.test.ts",
    /vanished/,
  ),
  {
    rule: "bad.others-go-on",
    name: "another run in the same process goes on, with its own values, while one fails in every way",
    holds: async () => {
      const good = async (n: number) => {
        const stage = new Stage();
        const { pass } = cast(stage);
        return await stage.play(flow("good", async () => await pass(n)));
      };
      const bad = async () => {
        const stage = new Stage();
        const thrown = {
          toString: () => {
            throw new Error("even its text throws");
          },
        };
        const { broken } = cast(stage);
        const odd = task("odd", () => {
          throw thrown;
        });
        return await stage.play(flow("bad", async () => [odd(), broken(), run.attempt]));
      };
      const [first, failed, second] = await Promise.all([good(1), bad(), good(2)]);
      expect([first.end, second.end]).toMatchObject([{ value: [1] }, { value: [2] }]);
      expect(failed.end).toMatchObject({ state: "Failed" });
    },
  },
];
