import { fail, flow, pause, run, skip, succeedWith, task, type TaskOptions } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import type { Stage } from "../support/stage.ts";

type Handler = Extract<NonNullable<TaskOptions["stateHandlers"]>, (...given: never[]) => unknown>;

/** A handler that notes each change as `Pending>Running`. */
function noting({ note }: Stage): Handler {
  return ({ from, to }) => note(`${from}>${to.state}`);
}

function failingWith(options: TaskOptions) {
  return (stage: Stage) => {
    const bad = task("bad", options, (): number => {
      stage.note("bad");
      throw new Error("broken");
    });
    return flow("f", async () => await bad());
  };
}

const onFailed =
  (answer: () => ReturnType<Handler>): Handler =>
  ({ to }) =>
    to.state === "Failed" ? answer() : undefined;

export const HANDLERS: readonly Proof[] = [
  {
    rule: "handlers.see",
    name: "a task's handler sees each change, with the old state and the new one",
    flow: (stage) => {
      const shaky = task("shaky", { retries: 1, retryDelay: 0, stateHandlers: noting(stage) }, () => {
        if (run.tryNumber === 1) throw new Error("once");
      });
      return flow("f", async () => await shaky());
    },
    expect: { end: "Success", ran: ["Pending>Running", "Running>Retrying", "Retrying>Running", "Running>Success"] },
  },
  {
    rule: "handlers.see",
    name: "a handler sees a change that comes before any try: Skipped, TriggerFailed, Mapped",
    flow: (stage) => {
      const { skipped, pass } = cast(stage);
      const watched = pass.with({ stateHandlers: noting(stage) });
      return flow("f", async () => {
        await watched(skipped());
        await watched.map([]);
      });
    },
    expect: { end: "Success", ran: ["skipped", "Pending>Skipped", "Pending>Mapped"] },
  },
  {
    rule: "handlers.see",
    name: "a flow's handler sees the flow's changes",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", { stateHandlers: noting(stage) }, async () => await one());
    },
    expect: { end: "Success", ran: ["one", "Submitted>Running", "Running>Success"] },
  },
  {
    rule: "handlers.see",
    name: "a handler sees task, number and failure",
    flow: ({ note }) => {
      const stateHandlers: Handler = ({ task: name, taskRunNumber, to }) => {
        if (to.failure !== undefined) note(`${name} ${taskRunNumber} ${to.failure.message}`);
      };
      return failingWith({ stateHandlers })({ note } as Stage);
    },
    expect: { end: "Failed", ran: ["bad", "bad 1 broken"] },
  },
  {
    rule: "handlers.replace",
    name: "a handler that returns Success with a value makes a success of a failure: whoever takes it gets that value",
    flow: failingWith({ stateHandlers: onFailed(() => ({ state: "Success", value: 7 })) }),
    expect: { value: 7, states: { bad: "Pending Running Success" } },
  },
  {
    rule: "handlers.replace",
    name: "a handler that returns Skipped skips, and what depends on it too",
    flow: (stage) => {
      const { pass } = cast(stage);
      const bad = task(
        "bad",
        { stateHandlers: onFailed(() => ({ state: "Skipped", message: "not today" })) },
        (): number => {
          throw new Error("broken");
        },
      );
      return flow("f", async () => await pass(bad()));
    },
    expect: {
      end: "Success",
      states: { bad: "Pending Running Skipped", pass: "Pending Skipped" },
      says: { bad: /not today/ },
    },
  },
  {
    rule: "handlers.replace",
    name: "a handler that returns Failed makes a failure of a success, with its words",
    flow: (stage) => {
      const { one } = cast(stage);
      const stateHandlers: Handler = ({ to }) =>
        to.state === "Success" ? { state: "Failed", message: "too small" } : undefined;
      return flow("f", async () => await one.with({ stateHandlers })());
    },
    expect: { end: "Failed", says: { one: /too small/ }, ran: ["one"] },
  },
  {
    rule: "handlers.replace",
    name: "a handler may throw a signal instead",
    flow: (stage) => {
      const { pass } = cast(stage);
      const by = (thrown: () => Error) =>
        task(
          "bad",
          {
            stateHandlers: onFailed(() => {
              throw thrown();
            }),
          },
          (): number => {
            throw new Error("broken");
          },
        );
      return flow("f", async () => {
        await pass(await by(() => succeedWith(5))());
        await by(() => skip("no"))();
        await by(() => fail("worse"))();
      });
    },
    expect: {
      end: "Failed",
      states: { bad: "Pending Running Success", "bad#1": "Pending Running Skipped", "bad#2": "Pending Running Failed" },
      says: { "bad#2": /worse/ },
    },
  },
  {
    rule: "handlers.replace",
    name: "a handler that pauses makes the run wait for a person",
    flow: failingWith({
      stateHandlers: onFailed(() => {
        throw pause("look at it");
      }),
    }),
    expect: { end: "paused", states: { bad: "Pending Running Paused" } },
  },
  {
    rule: "handlers.replace",
    name: "the second handler sees what the first put in the place of the state",
    flow: (stage) => failingWith({ stateHandlers: [onFailed(() => ({ state: "Skipped" })), noting(stage)] })(stage),
    expect: { end: "Success", ran: ["Pending>Running", "bad", "Running>Skipped"] },
  },
  {
    rule: "handlers.replace",
    name: "a flow's handler may replace the flow's end",
    flow: (stage) => {
      const { broken } = cast(stage);
      const stateHandlers: Handler = ({ to }) =>
        to.state === "Failed" ? { state: "Success", value: "all the same" } : undefined;
      return flow("f", { stateHandlers }, async () => (await broken()) as unknown);
    },
    expect: { value: "all the same" },
  },
  {
    rule: "handlers.on-failure",
    name: "`onFailure` of a task hears of its failure once, after all tries",
    flow: (stage) =>
      failingWith({ retries: 2, retryDelay: 0, onFailure: ({ to }) => stage.note(`heard ${to.state}`) })(stage),
    expect: { end: "Failed", ran: ["bad", "bad", "bad", "heard Failed"] },
  },
  {
    rule: "handlers.on-failure",
    name: "`onFailure` hears of TriggerFailed and TimedOut too, and of no success",
    flow: (stage) => {
      const { broken, pass, one } = cast(stage);
      const onFailure = ({ to }: { to: { state: string } }) => stage.note(`heard ${to.state}`);
      return flow("f", async () => {
        await one.with({ onFailure })();
        await pass.with({ onFailure })(broken());
      });
    },
    expect: { end: "Failed", ran: ["one", "broken", "heard TriggerFailed"] },
  },
  {
    rule: "handlers.on-failure",
    name: "`onFailure` of a flow hears of the flow's failure",
    flow: (stage) => {
      const { broken } = cast(stage);
      return flow(
        "f",
        { onFailure: ({ to }) => stage.note(`heard ${to.state}`) },
        async () => (await broken()) as unknown,
      );
    },
    expect: { end: "Failed", ran: ["broken", "heard Failed"] },
  },
];
