import { expect } from "vitest";
import { flow, resource, run, task } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import type { Stage } from "../support/stage.ts";

function database(stage: Stage, problems: { setup?: string; cleanup?: string } = {}) {
  return resource("db", {
    setup: async (name: string) => {
      stage.note("setup");
      if (problems.setup !== undefined) throw new Error(problems.setup);
      return { name };
    },
    cleanup: async (made: { name: string } | undefined) => {
      stage.note(`cleanup ${made?.name}`);
      if (problems.cleanup !== undefined) throw new Error(problems.cleanup);
    },
  });
}

function using(stage: Stage, problems: { setup?: string; cleanup?: string; use?: string } = {}) {
  const db = database(stage, problems);
  const use = task("use", ({ name }: { name: string }) => {
    stage.note("use");
    if (problems.use !== undefined) throw new Error(problems.use);
    return name;
  });
  return flow("f", async () => await use(db("orders")));
}

export const RESOURCES: readonly Proof[] = [
  {
    rule: "resources.cleanup",
    name: "a resource is set up, used, and cleaned up when its users are over",
    flow: (stage) => using(stage),
    expect: { value: "orders", and: ({ ran }) => expect(ran).toEqual(["setup", "use", "cleanup orders"]) },
  },
  {
    rule: "resources.cleanup",
    name: "it is cleaned up when a user of it failed",
    flow: (stage) => using(stage, { use: "broken" }),
    expect: { end: "Failed", ran: ["setup", "use", "cleanup orders"] },
  },
  {
    rule: "resources.cleanup",
    name: "it is cleaned up when the flow throws",
    flow: (stage) => {
      const db = database(stage);
      return flow("f", async () => {
        await db("orders");
        throw new Error("no");
      });
    },
    expect: { end: "Failed", ran: ["setup", "cleanup orders"] },
  },
  {
    rule: "resources.cleanup",
    name: "it is not cleaned up while a task that was called and never awaited uses it",
    flow: (stage) => {
      const db = database(stage);
      const slow = task("slow", async (_x: { name: string }) => {
        await stage.clock.sleep(60_000);
        stage.note("slow");
      });
      return flow("f", () => {
        void slow(db("orders"));
      });
    },
    expect: { end: "Success", and: ({ ran }) => expect(ran).toEqual(["setup", "slow", "cleanup orders"]) },
  },
  {
    rule: "resources.cleanup",
    name: "it is cleaned up when the run is cancelled",
    flow: (stage) => {
      const db = database(stage);
      const obedient = task("obedient", async (_x: { name: string }) => {
        const { signal } = run;
        setImmediate(() => stage.run?.cancel(60_000));
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        stage.note("aborted");
        throw signal.reason as Error;
      });
      return flow("f", async () => await obedient(db("orders")));
    },
    expect: { end: "Cancelled", and: ({ ran }) => expect(ran).toEqual(["setup", "aborted", "cleanup orders"]) },
  },
  {
    rule: "resources.cleanup",
    name: "a setup that failed is not cleaned up, and its users do not run",
    flow: (stage) => using(stage, { setup: "refused" }),
    expect: { end: "Failed", ran: ["setup"], states: { use: "Pending TriggerFailed" }, says: { "": /refused/ } },
  },
  {
    rule: "resources.cleanup",
    name: "a cleanup that throws is told, and the run still ends",
    flow: (stage) => using(stage, { cleanup: "port is stuck" }),
    expect: {
      ran: ["setup", "use", "cleanup orders"],
      and: ({ end, events }) => {
        expect("state" in end).toBe(true);
        expect(JSON.stringify(events)).toMatch(/port is stuck/);
      },
    },
  },
  {
    rule: "resources.again",
    name: "after a restart it is set up again for the tasks that use it, and cleaned up again",
    flow: (stage) => {
      const db = database(stage);
      const { one } = cast(stage);
      const use = task("use", ({ name }: { name: string }, _x: unknown) => {
        stage.note("use");
        if (run.attempt === 1) throw new Error("broken");
        return name;
      });
      return flow("f", async () => await use(db("orders"), one()));
    },
    expect: { end: "Failed", ran: ["setup", "one", "use", "cleanup orders"] },
    later: [{ by: "restart", expect: { value: "orders", ran: ["setup", "use", "cleanup orders"], reads: ["one"] } }],
  },
  {
    rule: "resources.again",
    name: "it is set up and cleaned up again although nothing that is left uses it",
    flow: (stage) => {
      const db = database(stage);
      const { fragile } = cast(stage);
      const use = task("use", ({ name }: { name: string }) => name);
      return flow("f", async () => {
        await use(db("orders"));
        await fragile();
      });
    },
    expect: { end: "Failed", ran: ["setup", "fragile", "cleanup orders"] },
    later: [
      { by: "restart", expect: { end: "Success", ran: ["setup", "fragile", "cleanup orders"], states: { use: null } } },
    ],
  },
  {
    rule: "resources.cleanup",
    name: "a cancel that comes while it is cleaned up lets the cleanup come to its end",
    flow: (stage) => {
      const db = resource("db", {
        setup: () => 1,
        cleanup: async () => {
          stage.run?.cancel(60_000);
          await stage.clock.sleep(1_000);
          stage.note("cleaned");
        },
      });
      return flow("f", async () => {
        await db();
      });
    },
    expect: { end: "Cancelled", ran: ["cleaned"], states: { "db cleanup": "Pending Running Success" } },
  },
  {
    rule: "resources.again",
    name: "what it gives is never written: neither as a result nor as an input of a task that is tried again",
    flow: (stage) => {
      const db = database(stage);
      const use = task("use", { retries: 1, retryDelay: 0, cacheFor: "1h" }, ({ name }: { name: string }) => {
        if (run.tryNumber === 1) throw new Error("once");
        return name;
      });
      return flow("f", async () => await use(db("orders")));
    },
    expect: { value: "orders", writes: ["use"] },
  },
];
