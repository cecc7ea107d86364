import { expect } from "vitest";
import { flow, type Settled, settle, skip, task, type TaskRun, unmapped } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import type { Played } from "../support/stage.ts";

const upstream = ({ runs }: Played, name: string) => runs.get(name)?.declared?.upstream;

export const DEPENDENCIES: readonly Proof[] = [
  {
    rule: "dependencies.promise",
    name: "a task run is a promise: it can be awaited, and its failure caught",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      return flow("f", async () => {
        const failed = await broken().catch((error: unknown) => String(error));
        return [await one(), failed, await one().then(({ n }) => n + 1)];
      });
    },
    expect: { value: [{ n: 1 }, "Error: broken", 2] },
  },
  {
    rule: "dependencies.promise",
    name: "a task that is called and never awaited is part of the run, which ends when it has ended",
    flow: (stage) => {
      const slow = task("slow", async () => {
        await stage.clock.sleep(60_000);
        stage.note("slow");
      });
      return flow("f", () => {
        void slow();
      });
    },
    expect: { end: "Success", ran: ["slow"], states: { slow: "Pending Running Success" } },
  },
  {
    rule: "dependencies.handed",
    name: "a run that is handed on un-awaited makes an edge, and its value arrives",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => await pass(one(), 7));
    },
    expect: { value: [{ n: 1 }, 7], and: (played) => expect(upstream(played, "pass")).toEqual([1]) },
  },
  {
    rule: "dependencies.handed",
    name: "runs in a list arrive as a list, with an edge to each",
    flow: (stage) => {
      const { one, two, pass } = cast(stage);
      return flow("f", async () => await pass([one(), 5, two()]));
    },
    expect: { value: [[{ n: 1 }, 5, { n: 2 }]], and: (played) => expect(upstream(played, "pass")).toEqual([1, 2]) },
  },
  {
    rule: "dependencies.after",
    name: "`after` makes an edge and an order, and hands no value over",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => await pass.with({ after: [one()] })(7));
    },
    expect: {
      value: [7],
      and: (played) => {
        expect(played.ran).toEqual(["one", "pass"]);
        expect(upstream(played, "pass")).toEqual([1]);
      },
    },
  },
  {
    rule: "dependencies.origin",
    name: "an awaited object keeps its origin: handing it on makes the same edge",
    flow: (stage) => {
      const { one, two, pass } = cast(stage);
      return flow("f", async () => {
        const [first, second] = [await one(), await two()];
        await pass(first, second);
        await pass({ ...first });
      });
    },
    expect: {
      end: "Success",
      and: (played) => expect([upstream(played, "pass"), upstream(played, "pass#1")]).toEqual([[1, 2], undefined]),
    },
  },
  {
    rule: "dependencies.origin",
    name: "what is taken out of an awaited object, one level deep, keeps its origin",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        const [first] = await pass(await one());
        await pass(first);
        const { n } = await one();
        await pass(n);
      });
    },
    expect: {
      end: "Success",
      and: (played) =>
        expect([0, 1, 2].map((call) => upstream(played, call === 0 ? "pass" : `pass#${call}`))).toEqual([
          [1],
          [2],
          undefined,
        ]),
    },
  },
  {
    rule: "dependencies.origin",
    name: "a value of a map that was awaited makes the edge to its child, a list of them to the map",
    flow: () => {
      const wrap = task("wrap", (n: number) => ({ n }));
      const take = task("take", (_value: unknown) => 0);
      return flow("f", async () => {
        const all = await wrap.map([1, 2]);
        await take(all[1]);
        await take(all.toReversed());
      });
    },
    expect: {
      end: "Success",
      and: (played) => expect([upstream(played, "take"), upstream(played, "take#1")]).toEqual([[3], [1]]),
    },
  },
  {
    rule: "dependencies.origin",
    name: "of several task runs that handed an object out, whole or as a part, the latest counts",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        const first = await one();
        await pass(first);
        await pass(first);
      });
    },
    expect: {
      end: "Success",
      and: (played) => expect([upstream(played, "pass"), upstream(played, "pass#1")]).toEqual([[1], [2]]),
    },
  },
  {
    rule: "dependencies.never-silent",
    name: "a task with a failed input does not run, whatever its trigger says: no undefined in its place",
    flow: (stage) => {
      const { broken, pass } = cast(stage);
      return flow("f", async () => await pass.with({ trigger: "all_finished" })(broken()));
    },
    expect: { end: "Failed", ran: ["broken"], states: { pass: "Pending TriggerFailed" } },
  },
  {
    rule: "dependencies.never-silent",
    name: "neither does a trigger function that says yes let a missing value arrive",
    flow: (stage) => {
      const { broken, pass } = cast(stage);
      return flow("f", async () => await pass.with({ trigger: () => true })(broken()));
    },
    expect: {
      end: "Failed",
      ran: ["broken"],
      states: { pass: "Pending TriggerFailed" },
      says: { pass: /input 1.*broken/ },
    },
  },
  {
    rule: "dependencies.never-silent",
    name: "an input that was cancelled does not arrive either",
    flow: (stage) => {
      const { pass } = cast(stage);
      const halted = task(
        "halted",
        { stateHandlers: ({ to }) => (to.state === "Success" ? { state: "Cancelled" } : undefined) },
        () => 1,
      );
      return flow("f", async () => {
        await settle(pass(halted()));
      });
    },
    expect: { end: "Success", states: { pass: "Pending TriggerFailed" }, ran: [] },
  },
  {
    rule: "dependencies.never-silent",
    name: "a failed child of a mapped input does not arrive as undefined, though another child was skipped and skips do not matter",
    flow: (stage) => {
      const { pass } = cast(stage);
      const mixed = task("mixed", (n: number) => {
        if (n === 1) throw new Error("no");
        if (n === 2) throw skip("not this one");
        return n;
      });
      return flow("f", async () => {
        await settle(pass.with({ skipOnUpstreamSkip: false })(mixed.map([1, 2, 3])));
      });
    },
    expect: { end: "Success", states: { pass: "Pending TriggerFailed" }, ran: [] },
  },
  {
    rule: "dependencies.never-silent",
    name: "a failed input that all children share does not arrive as undefined, though another one was skipped",
    flow: (stage) => {
      const { broken, skipped, pass } = cast(stage);
      const sure = pass.with({ skipOnUpstreamSkip: false });
      return flow("f", async () => {
        await settle(sure.map([1, 2], unmapped(skipped()), unmapped(broken())));
      });
    },
    expect: { end: "Success", ran: ["broken", "skipped"], states: { "pass[0]": null } },
  },
  {
    rule: "dependencies.settle",
    name: "a task that takes `settle(x)` gets the state with the value, or with the failure",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      const judge = task("judge", (...all: Settled<unknown>[]) =>
        all.map(({ state, value, failure }) => ({ state, value: value ?? null, failure: failure?.message ?? null })),
      );
      return flow("f", async () => {
        const runs: TaskRun<{ n: number }>[] = [one(), broken()];
        return await judge(...runs.map((one) => settle(one)));
      });
    },
    expect: {
      value: [
        { state: "Success", value: { n: 1 }, failure: null },
        { state: "Failed", value: null, failure: "broken" },
      ],
    },
  },
  {
    rule: "dependencies.settle",
    name: "a settled input makes an edge, and never keeps the task from running",
    flow: (stage) => {
      const { broken } = cast(stage);
      const judge = task("judge", (one: Settled<unknown>) => one.state);
      return flow("f", async () => await judge(settle(broken())));
    },
    expect: { value: "Failed", and: (played) => expect(upstream(played, "judge")).toEqual([1]) },
  },
  {
    rule: "dependencies.trigger-failed",
    name: "a task whose input failed ends TriggerFailed and names the input, its task and its number",
    flow: (stage) => {
      const { one, broken, pass } = cast(stage);
      return flow("f", async () => await pass(one(), broken()));
    },
    expect: {
      end: "Failed",
      states: { pass: "Pending TriggerFailed" },
      codes: { pass: "UPSTREAM_FAILED" },
      says: { pass: /input 2.*broken.*task run 2/ },
    },
  },
  {
    rule: "dependencies.trigger-failed",
    name: "what depends on that ends TriggerFailed too, and the cause of all is told",
    flow: (stage) => {
      const { broken, pass } = cast(stage);
      return flow("f", async () => {
        const first = pass(broken());
        return await pass(first);
      });
    },
    expect: {
      end: "Failed",
      states: { pass: "Pending TriggerFailed", "pass#1": "Pending TriggerFailed" },
      says: { "pass#1": /"message":"broken"/ },
      ran: ["broken"],
    },
  },
];
