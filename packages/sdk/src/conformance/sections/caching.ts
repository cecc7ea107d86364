import { expect } from "vitest";
import { flow, partialInputs, partialParameters, task, type TaskOptions } from "../../index.ts";
import { eventually } from "../../testing/eventually.ts";
import type { Later, Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import { elsewhere } from "../support/elsewhere.ts";
import { Stage } from "../support/stage.ts";

/** A flow whose only task is cached so. Its inputs are the parameters `a` and `b`. */
function caching(options: TaskOptions, name = "f", taskName = "load") {
  return (stage: Stage) => {
    const always: TaskOptions = options.target === undefined ? { cacheFor: "1h" } : {};
    const load = task(taskName, { ...always, ...options }, (a: unknown, b: unknown) => {
      stage.note("load");
      return [a, b];
    });
    return flow(name, async ({ a = 1, b = 1 }: { a?: unknown; b?: unknown }) => await load(a, b));
  };
}

type Parameters = { a?: unknown; b?: number; c?: number };

/** A later run of the same flow: it finds the cached result, or it does not. */
const hit = (parameters: Parameters = {}, flow?: (stage: Stage) => object): Later => ({
  by: "new",
  parameters,
  ...(flow === undefined ? {} : { flow }),
  expect: { end: "Success", ran: [] },
});
const miss = (parameters: Parameters = {}, flow?: (stage: Stage) => object): Later => ({
  ...hit(parameters, flow),
  expect: { end: "Success", ran: ["load"] },
});
const first = { end: "Success", ran: ["load"], states: { load: "Pending Running Cached" } } as const;

export const CACHING: readonly Proof[] = [
  {
    rule: "caching.cache-for",
    name: "with `cacheFor` a result is Cached, and a later run takes it instead of running the task",
    flow: caching({}),
    expect: first,
    later: [{ ...hit(), expect: { value: [1, 1], ran: [], states: { load: "Pending Cached" }, reads: ["load"] } }],
  },
  {
    rule: "caching.cache-for",
    name: "a result that has expired is not taken",
    flow: caching({ cacheFor: "1h" }),
    expect: {
      ...first,
      and: ({ runs }) => {
        const cached = runs.get("load")?.events.at(-1);
        expect(cached?.expiresAt).toBe((cached?.at ?? 0) + 3_600_000);
      },
    },
    later: [
      { ...hit(), before: (stage) => stage.clock.pass(3_599_000) },
      { ...miss(), before: (stage) => stage.clock.pass(2_000) },
    ],
  },
  {
    rule: "caching.cache-for",
    name: "without `cacheFor` nobody is asked, and the end is Success",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one());
    },
    expect: { end: "Success", asked: [], states: { one: "Pending Running Success" } },
  },
  {
    rule: "caching.cache-for",
    name: "where no store is attached nothing can be cached: that is told, and the task runs each time",
    flow: caching({}),
    with: { store: null },
    expect: { end: "Success", ran: ["load"], logs: [/no store/] },
    later: [{ ...miss(), store: null }],
  },
  {
    rule: "caching.cache-key",
    name: "tasks of one `cacheKey` share their results, across tasks and flows",
    flow: caching({ cacheKey: "orders" }),
    expect: first,
    later: [hit({}, caching({ cacheKey: "orders" }, "other", "fetch"))],
  },
  {
    rule: "caching.cache-key",
    name: "without a key another task, and the same task of another flow, has results of its own",
    flow: caching({}),
    expect: first,
    later: [miss({}, caching({}, "f", "fetch")), miss({}, caching({}, "other"))],
  },
  {
    rule: "caching.duration-only",
    name: "`durationOnly`, the default: whatever the inputs and parameters are",
    flow: caching({ cacheValidator: "durationOnly" }),
    expect: first,
    later: [hit({ a: 2, c: 3 })],
  },
  {
    rule: "caching.all-inputs",
    name: "`allInputs`: taken when all inputs are equal",
    flow: caching({ cacheValidator: "allInputs" }),
    expect: first,
    later: [hit(), hit({ c: 5 }), miss({ a: 2 }), miss({ b: 2 }), hit({ a: 2 })],
  },
  {
    rule: "caching.all-parameters",
    name: "`allParameters`: taken when all parameters of the run are equal",
    flow: caching({ cacheValidator: "allParameters" }),
    expect: first,
    later: [hit(), miss({ c: 1 }), hit({ c: 1 }), miss({ c: 2 })],
  },
  {
    rule: "caching.partial-inputs",
    name: "`partialInputs([0])`: only the first input must be equal",
    flow: caching({ cacheValidator: partialInputs([0]) }),
    expect: first,
    later: [hit({ b: 9 }), miss({ a: 9 })],
  },
  {
    rule: "caching.partial-parameters",
    name: '`partialParameters(["c"])`: only this parameter must be equal',
    flow: caching({ cacheValidator: partialParameters(["c"]) }),
    with: { parameters: { c: 1 } },
    expect: first,
    later: [hit({ a: 2, c: 1 }), miss({ c: 2 })],
  },
  {
    rule: "caching.never",
    name: "`never`: the result is cached, and never taken",
    flow: caching({ cacheValidator: "never" }),
    expect: first,
    later: [miss()],
  },
  {
    rule: "caching.function",
    name: "a function decides, and may compare inputs and parameters",
    flow: caching({
      cacheValidator: (cached) => cached.inputsEqual(1) && (cached.parametersEqual("c") || cached.at.getTime() < 0),
    }),
    with: { parameters: { c: 1 } },
    expect: first,
    later: [hit({ a: 7, c: 1 }), miss({ b: 7, c: 1 }), miss({ c: 2 })],
  },
  {
    rule: "caching.all-inputs",
    name: "objects are equal whatever the order of their fields",
    flow: caching({ cacheValidator: "allInputs" }),
    with: { parameters: { a: { x: 1, y: [{ p: 1, q: 2 }] } } },
    expect: first,
    later: [hit({ a: { y: [{ q: 2, p: 1 }], x: 1 } }), miss({ a: { y: [{ q: 2, p: 3 }], x: 1 } })],
  },
  {
    rule: "caching.partial-parameters",
    name: "a parameter that a run does not have is equal to none: a wrong name finds nothing",
    flow: caching({ cacheValidator: partialParameters(["d"]) }),
    with: { parameters: { c: 1 } },
    expect: first,
    later: [miss({ c: 1 })],
  },
  {
    rule: "caching.all-inputs",
    name: "of several results the newest that fits is taken",
    flow: caching({ cacheValidator: "allInputs" }),
    expect: first,
    later: [miss({ a: 2 }), miss({ a: 3 }), { ...hit({ a: 2 }), expect: { value: [2, 1], ran: [] } }],
  },
  {
    rule: "caching.cache-for",
    name: "a result that cannot be read any more is passed over, told, and the task runs",
    flow: caching({}),
    expect: first,
    later: [
      {
        ...miss(),
        before: ({ store }) => (store.trouble = { read: { load: () => Promise.reject(new Error("vanished")) } }),
        expect: { value: [1, 1], ran: ["load"], logs: [/vanished/] },
      },
    ],
  },
  {
    rule: "caching.target",
    name: "`target`: what lies there is the result, the task does not run, and it never expires",
    flow: caching({ target: "{flow}/{task}.json" }),
    expect: { end: "Success", ran: ["load"], writes: ["load"] },
    later: [
      {
        ...hit(),
        before: (stage) => stage.clock.pass(400 * 86_400_000),
        expect: {
          value: [1, 1],
          ran: [],
          writes: [],
          states: { load: "Pending Cached" },
          and: ({ runs }) => expect(runs.get("load")?.events.at(-1)?.expiresAt).toBe(undefined),
        },
      },
    ],
  },
  {
    rule: "caching.target",
    name: "a `target` where there is no store to look in fails the task, and says what to give it",
    flow: caching({ target: "{task}.json" }),
    with: { store: null },
    expect: { end: "Failed", ran: [], says: { load: /target but no store.*result/ } },
  },
  {
    rule: "caching.target",
    name: "a `target` with an input in it is another for another input",
    flow: caching({ target: "{task}/{inputs.0}.json" }),
    expect: { end: "Success", ran: ["load"] },
    later: [miss({ a: 2 }), hit({ a: 1 }), hit({ a: 2 })],
  },
  {
    rule: "caching.digests",
    name: "what is told of an input is a digest, never the input; the runner keys it",
    flow: caching({ cacheValidator: "allInputs" }),
    with: { parameters: { a: 123_456_789 } },
    expect: {
      ...first,
      and: ({ runs, events }) => {
        expect(
          runs
            .get("load")
            ?.events.at(-1)
            ?.digests?.map(({ name }) => name),
        ).toEqual(expect.arrayContaining(["0", "1"]));
        expect(JSON.stringify(events)).not.toContain("123456789");
      },
    },
  },
  elsewhere("caching.digests", "digests are keyed before they cross", "packages/gate/src/gate.test.ts", /digest/i),
  {
    rule: "caching.versions",
    name: "a new version of the flow finds the results of the old one: same name, key and validator",
    flow: caching({ cacheValidator: "allInputs" }),
    expect: first,
    later: [hit({}, caching({ cacheValidator: "allInputs", retries: 2, tags: [] }))],
  },
  {
    rule: "caching.cache-for",
    name: "two runs at once do not spoil each other: each writes its own, and a third takes one of them whole",
    holds: async () => {
      const stages = [new Stage("a"), new Stage("b"), new Stage("c")];
      const [first, second, third] = stages;
      if (first === undefined || second === undefined || third === undefined) return;
      second.cloud = third.cloud = first.cloud;
      second.store = third.store = first.store;
      const cached = caching({});
      const both = [first.play(cached(first)), second.play(cached(second))];
      expect((await Promise.all(both)).map(({ ran }) => ran)).toEqual([["load"], ["load"]]);
      expect((await third.play(cached(third))).end).toEqual({ state: "Success", value: [1, 1] });
    },
  },
  {
    rule: "caching.cache-key",
    name: "one key with another validator finds none: what one may take the other may not",
    flow: caching({ cacheKey: "k", cacheValidator: "allInputs" }),
    expect: first,
    later: [miss({}, caching({ cacheKey: "k", cacheValidator: "durationOnly" }))],
  },
  {
    rule: "caching.cache-for",
    name: "without a cloud results are shared by the runs of the process, until they expire",
    holds: async () => {
      const ran: string[] = [];
      const made = (name: string, cacheFor: "1h" | "1ms") => {
        const one = task(name, { cacheFor }, () => ran.push(name));
        return flow("in-memory-cache", async () => await one());
      };
      const [long, short] = [made("long", "1h"), made("short", "1ms")];
      await long();
      await long();
      await short();
      await eventually(async () => {
        await short();
        expect(ran.filter((name) => name === "short").length).toBeGreaterThan(1);
      });
      expect(ran.filter((name) => name === "long")).toHaveLength(1);
    },
  },
  {
    rule: "caching.versions",
    name: "with another validator it finds none",
    flow: caching({ cacheValidator: "allInputs" }),
    expect: first,
    later: [miss({}, caching({ cacheValidator: "allParameters" }))],
  },
];
