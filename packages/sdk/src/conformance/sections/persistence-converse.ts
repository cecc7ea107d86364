import { flow, pause, run, settle, skip, task } from "../../index.ts";
import type { Proof, Row } from "../row.ts";
import { cast } from "../support/cast.ts";
import type { Stage } from "../support/stage.ts";

/** Nothing at all is written in this circumstance. */
function nothing(name: string, flow: Row["flow"], more: Partial<Row> & Pick<Row, "expect">): Row {
  const { expect, ...rest } = more;
  return {
    rule: "persistence.only",
    name: `nothing is written: ${name}`,
    flow,
    ...rest,
    expect: { ...expect, writes: [] },
  };
}

const unkept = { checkpoint: false } as const;

function obedient(stage: Stage) {
  return task("obedient", async (_x: unknown) => {
    const { signal } = run;
    setImmediate(() => stage.run?.cancel(60_000));
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw signal.reason as Error;
  });
}

/** The other side of the table: what happens to a task run besides its rows writes nothing, neither its output nor its inputs. */
export const PERSISTENCE_CONVERSE: readonly Proof[] = [
  nothing(
    "a task succeeds where no store is attached",
    (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        await pass(one());
      });
    },
    { with: { store: null }, expect: { end: "Success" } },
  ),
  nothing(
    "a task succeeds with `checkpoint: false`",
    (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        await pass.with(unkept)(one.with(unkept)());
      });
    },
    { expect: { end: "Success", states: { pass: "Pending Running Success" } } },
  ),
  nothing(
    "a task fails",
    (stage) => {
      const { one } = cast(stage);
      const bad = task("bad", (_x: unknown): never => {
        throw new Error("no");
      });
      return flow("f", async () => await bad(one.with(unkept)()));
    },
    { expect: { end: "Failed" } },
  ),
  nothing(
    "a task is skipped, by itself or by an input",
    (stage) => {
      const { one, pass } = cast(stage);
      const idle = task("idle", (_x: unknown) => {
        throw skip("no");
      });
      return flow("f", async () => {
        await pass(idle(one.with(unkept)()));
      });
    },
    { expect: { end: "Success", states: { idle: "Pending Running Skipped", pass: "Pending Skipped" } } },
  ),
  nothing(
    "a task's trigger fails",
    (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        await settle(pass.with({ trigger: "any_failed" })(one.with(unkept)()));
      });
    },
    { expect: { end: "Success", states: { pass: "Pending TriggerFailed" } } },
  ),
  nothing(
    "a task times out",
    (stage) => {
      const { one } = cast(stage);
      const stuck = task("stuck", { timeout: "1s" }, async (_x: unknown) => await new Promise(() => undefined));
      return flow("f", async () => await stuck(one.with(unkept)()));
    },
    { expect: { end: "Failed", states: { stuck: "Pending Running TimedOut" } } },
  ),
  nothing(
    "a task is mapped: its children write, the mapped run and its inputs do not",
    (stage) => {
      const { pass } = cast(stage);
      const list = task("list", unkept, () => [1, 2]);
      return flow("f", async () => {
        await pass.with(unkept).map(list());
      });
    },
    { expect: { end: "Success", states: { pass: "Pending Mapped" } } },
  ),
  nothing(
    "a task is Running",
    (stage) => {
      const { one } = cast(stage);
      const look = task("look", unkept, (_x: unknown) => [...stage.store.writes]);
      return flow("f", async () => await look(one.with(unkept)()));
    },
    { expect: { value: [] } },
  ),
  nothing(
    "a task is cancelled while it runs",
    (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => {
        await obedient(stage)(one.with(unkept)());
      });
    },
    { expect: { end: "Cancelled", states: { obedient: "Pending Running Cancelling Cancelled" } } },
  ),
  nothing(
    "a task is cancelled before it runs",
    (stage) => {
      const { pass, one } = cast(stage);
      return flow("f", async () => {
        await pass(one.with(unkept)(), obedient(stage)(1));
      });
    },
    { expect: { end: "Cancelled", states: { pass: "Pending Cancelled" } } },
  ),
  nothing(
    "a task is Paused",
    (stage) => {
      const { one } = cast(stage);
      const ask = task("ask", (_x: unknown) => {
        throw pause("?");
      });
      return flow("f", async () => await ask(one.with(unkept)()));
    },
    { expect: { end: "paused" } },
  ),
  {
    rule: "persistence.only",
    name: "nothing is written: a restart passes over what has succeeded, reads it, and takes it as an input",
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => await fragile.with(unkept)(one()));
    },
    expect: { end: "Failed", writes: ["one"] },
    later: [{ by: "restart", expect: { end: "Success", writes: [], reads: ["one"] } }],
  },
  {
    rule: "persistence.only",
    name: "nothing is written: a cached result is found",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one.with({ cacheFor: "1h" })());
    },
    expect: { end: "Success", writes: ["one"] },
    later: [{ by: "new", expect: { end: "Success", writes: [], states: { one: "Pending Cached" } } }],
  },
  nothing("the flow itself succeeds and has a value", () => flow("f", () => ({ rows: 5 })), {
    expect: { value: { rows: 5 } },
  }),
  nothing(
    "an input is awaited by the flow, and nobody else takes it",
    (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one.with(unkept)());
    },
    { expect: { end: "Success" } },
  ),
];
