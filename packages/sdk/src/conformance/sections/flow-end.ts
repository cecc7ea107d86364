import { expect } from "vitest";
import { flow, settle, task } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";

export const FLOW_END: readonly Proof[] = [
  {
    rule: "flow-end.throws",
    name: "a flow that throws is Failed with what it threw",
    flow: () =>
      flow("f", () => {
        throw new RangeError("too far");
      }),
    expect: { end: "Failed", says: { "": /"name":"RangeError".*too far/ } },
  },
  {
    rule: "flow-end.throws",
    name: "a flow that throws waits for the tasks that it had called",
    flow: (stage) => {
      const slow = task("slow", async () => {
        await stage.clock.sleep(5_000);
        stage.note("slow");
      });
      return flow("f", () => {
        void slow();
        throw new Error("no");
      });
    },
    expect: { end: "Failed", ran: ["slow"], states: { slow: "Pending Running Success" } },
  },
  {
    rule: "flow-end.returns",
    name: "a flow that returns task runs ends as these do, and their values are its value",
    flow: (stage) => {
      const { one, two } = cast(stage);
      return flow("f", () => [one(), two()]);
    },
    expect: { value: [{ n: 1 }, { n: 2 }] },
  },
  {
    rule: "flow-end.returns",
    name: "when a returned run failed, the flow is Failed and names it",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      return flow("f", () => [one(), broken()]);
    },
    expect: { end: "Failed", says: { "": /broken.*task run 2/ } },
  },
  {
    rule: "flow-end.returns",
    name: "when the returned runs succeeded, a failure that nobody heard of does not fail the flow",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      return flow("f", () => {
        void broken();
        return one();
      });
    },
    expect: { value: { n: 1 }, states: { broken: "Pending Running Failed" } },
  },
  {
    rule: "flow-end.unheard",
    name: "a failure that nobody awaited, settled or handed on fails the flow and is named",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      return flow("f", async () => {
        void broken();
        await one();
      });
    },
    expect: { end: "Failed", says: { "": /broken.*task run 1/ } },
  },
  {
    rule: "flow-end.unheard",
    name: "a failure that was settled, caught, or handed on to a task that settles it does not fail the flow",
    flow: (stage) => {
      const { broken, pass } = cast(stage);
      return flow("f", async () => {
        await settle(broken());
        await broken().catch(() => undefined);
        await pass(settle(broken()));
        return "fine";
      });
    },
    expect: { value: "fine" },
  },
  {
    rule: "flow-end.unheard",
    name: "of a failure that was handed on, the last in the chain decides",
    flow: (stage) => {
      const { broken, pass } = cast(stage);
      return flow("f", () => {
        void pass(broken());
      });
    },
    expect: { end: "Failed", says: { "": /pass.*task run 2/ } },
  },
  {
    rule: "flow-end.unheard",
    name: "a child of a mapped run that nobody looks after fails the flow",
    flow: () => {
      const odd = task("odd", (n: number) => {
        if (n === 2) throw new Error("even");
      });
      return flow("f", () => {
        void odd.map([1, 2]);
      });
    },
    expect: { end: "Failed", says: { "": /odd/ } },
  },
  {
    rule: "flow-end.success",
    name: "a flow that returns a plain value with no failure left is Success with that value",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => {
        void one();
        return { rows: 0 };
      });
    },
    expect: { value: { rows: 0 } },
  },
  {
    rule: "flow-end.reference-tasks",
    name: "`referenceTasks` decide: a failure elsewhere that nobody heard of does not count",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      return flow("f", { referenceTasks: [one] }, async () => {
        void broken();
        await one();
        return "kept";
      });
    },
    expect: { value: "kept" },
  },
  {
    rule: "flow-end.reference-tasks",
    name: "`referenceTasks` decide: when one of their runs failed, the flow fails although it was looked after",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      return flow("f", { referenceTasks: [broken] }, async () => {
        await settle(broken());
        return one();
      });
    },
    expect: { end: "Failed", says: { "": /broken/ } },
  },
  {
    rule: "flow-end.reference-tasks",
    name: "`referenceTasks` override what the flow returns, also when it throws nothing",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      return flow("f", { referenceTasks: [one] }, () => [one(), settle(broken())]);
    },
    expect: { end: "Success", and: ({ runs }) => expect(runs.get("broken")?.states.at(-1)).toBe("Failed") },
  },
];
