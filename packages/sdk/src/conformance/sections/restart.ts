import { expect } from "vitest";
import { flow, run, settle, task, unmapped } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import { elsewhere } from "../support/elsewhere.ts";

export const RESTART: readonly Proof[] = [
  {
    rule: "restart.from-top",
    name: "the flow's function runs again from its top",
    flow: (stage) => {
      const { fragile } = cast(stage);
      return flow("f", async () => {
        stage.note("flow");
        await fragile();
      });
    },
    expect: { end: "Failed", ran: ["flow", "fragile"] },
    later: [{ by: "restart", expect: { end: "Success", ran: ["flow", "fragile"] } }],
  },
  {
    rule: "restart.matched",
    name: "the second call of a task in one attempt is its second call in the next",
    flow: (stage) => {
      const fragile = task("fragile", (n: number) => {
        stage.note(`fragile ${n}`);
        if (n === 2 && run.attempt === 1) throw new Error("no");
        return n;
      });
      return flow("f", () => [fragile(1), fragile(2), fragile(3)]);
    },
    expect: { end: "Failed", ran: ["fragile 1", "fragile 2", "fragile 3"] },
    later: [
      {
        by: "restart",
        expect: {
          value: [1, 2, 3],
          ran: ["fragile 2"],
          states: { "fragile#1": "Pending Running Success", fragile: null },
        },
      },
    ],
  },
  {
    rule: "restart.key",
    name: "a task run with a key is found by it, wherever it is called",
    flow: (stage) => {
      const load = task("load", (day: string) => {
        stage.note(`load ${day}`);
        if (day === "tue" && run.attempt === 1) throw new Error("no");
        return day;
      });
      const days = { 1: ["mon", "tue"], 2: ["sun", "tue", "mon"] } as Record<number, string[]>;
      return flow("f", () => (days[run.attempt] ?? []).map((day) => load.with({ key: day })(day)));
    },
    expect: { end: "Failed", ran: ["load mon", "load tue"] },
    later: [{ by: "restart", expect: { value: ["sun", "tue", "mon"], ran: ["load sun", "load tue"] } }],
  },
  {
    rule: "restart.told",
    name: "a task run of before that the code does not call any more is told by its name",
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => {
        if (run.attempt === 1) await one();
        await fragile();
      });
    },
    expect: { end: "Failed" },
    later: [{ by: "restart", expect: { end: "Success", logs: [/one.*code has changed/] } }],
  },
  {
    rule: "restart.told",
    name: "a task run that was mapped before and is a plain one now is told, and runs as what it is now",
    flow: (stage) => {
      const { pass, fragile } = cast(stage);
      return flow("f", async () => {
        const all = run.attempt === 1 ? await pass.map([1, 2]) : await pass(1);
        await fragile();
        return all;
      });
    },
    expect: { end: "Failed", ran: ["pass", "pass", "fragile"] },
    later: [{ by: "restart", expect: { value: [1], ran: ["pass", "fragile"], logs: [/pass/] } }],
  },
  {
    rule: "restart.told",
    name: "a task run that was a plain one before and is mapped now is told, and is mapped",
    flow: (stage) => {
      const { pass, fragile } = cast(stage);
      return flow("f", async () => {
        const all = run.attempt === 1 ? await pass(1) : await pass.map([1, 2]);
        await fragile();
        return all;
      });
    },
    expect: { end: "Failed", ran: ["pass", "fragile"] },
    later: [{ by: "restart", expect: { value: [[1], [2]], ran: ["pass", "pass", "fragile"], logs: [/pass/] } }],
  },
  {
    rule: "restart.never-written",
    name: "a task whose value was never written and is needed runs again, and so do those before it",
    flow: (stage) => {
      const { one, pass, fragile } = cast(stage);
      const unkept = { checkpoint: false } as const;
      return flow("f", async () => await fragile(pass.with(unkept)(one.with(unkept)())));
    },
    expect: { end: "Failed", ran: ["one", "pass", "fragile"] },
    later: [{ by: "restart", expect: { end: "Success", ran: ["one", "pass", "fragile"] } }],
  },
  {
    rule: "restart.never-written",
    name: "a task whose value was never written and is not needed does not run again",
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => {
        await fragile.with({ after: [one.with({ checkpoint: false })()] })();
      });
    },
    expect: { end: "Failed", ran: ["one", "fragile"] },
    later: [{ by: "restart", expect: { end: "Success", ran: ["fragile"], states: { one: null } } }],
  },
  {
    rule: "restart.rerun-never",
    name: 'with `rerun: "never"` the run fails instead, and says which value is missing',
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => await fragile(one.with({ checkpoint: false, rerun: "never" })()));
    },
    expect: { end: "Failed", ran: ["one", "fragile"] },
    later: [
      {
        by: "restart",
        expect: {
          end: "Failed",
          ran: [],
          says: { "": /RESULT_MISSING.*|one/ },
          and: ({ events }) => expect(JSON.stringify(events)).toMatch(/"one\\"|RESULT_MISSING/),
        },
      },
    ],
  },
  {
    rule: "restart.rerun-never",
    name: 'with `rerun: "never"` a task that had failed still runs again: only what has succeeded may not',
    flow: (stage) => {
      const { fragile } = cast(stage);
      return flow("f", async () => await fragile.with({ rerun: "never" })());
    },
    expect: { end: "Failed" },
    later: [{ by: "restart", expect: { end: "Success", ran: ["fragile"] } }],
  },
  {
    rule: "restart.rerun-never",
    name: 'with `rerun: "never"` and a value that can be read nothing is missing',
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => await fragile(one.with({ rerun: "never" })()));
    },
    expect: { end: "Failed" },
    later: [{ by: "restart", expect: { value: [{ n: 1 }], ran: ["fragile"] } }],
  },
  {
    rule: "restart.rerun-never",
    name: 'with `rerun: "never"` a task that was running when its process died is not run again: it fails and says so',
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one.with({ rerun: "never" })());
    },
    with: { diesAfter: 3 },
    expect: { states: { one: "Pending Running" } },
    later: [
      {
        by: "recover",
        expect: {
          end: "Failed",
          ran: [],
          codes: { one: "RESULT_MISSING" },
          says: { one: /was running when its process died/ },
        },
      },
    ],
  },
  elsewhere(
    "restart.transaction",
    "failed task runs and all downstream of them go back to Pending at once, or none does",
    "apps/cloud-api/src/flow-runs/restart-flow-run.test.ts",
    /transaction|Pending/,
  ),
  elsewhere("restart.transaction", "which task runs begin again", "apps/cloud-api/src/flow-runs/restart-set.test.ts"),
  {
    rule: "restart.finished",
    name: "what has finished is not run again and nothing is told of it; what failed and what comes after it runs",
    flow: (stage) => {
      const { one, two, fragile, pass } = cast(stage);
      return flow("f", async () => await pass(two(), fragile(one())));
    },
    expect: { end: "Failed", ran: ["one", "two", "fragile"], states: { pass: "Pending TriggerFailed" } },
    later: [
      {
        by: "restart",
        expect: { end: "Success", ran: ["fragile", "pass"], reads: ["one", "two"], states: { one: null, two: null } },
      },
    ],
  },
  {
    rule: "restart.finished",
    name: "what was skipped stays skipped",
    flow: (stage) => {
      const { skipped, pass, fragile } = cast(stage);
      return flow("f", async () => {
        await pass(skipped());
        await fragile();
      });
    },
    expect: { end: "Failed", ran: ["skipped", "fragile"] },
    later: [{ by: "restart", expect: { end: "Success", ran: ["fragile"], states: { skipped: null, pass: null } } }],
  },
  {
    rule: "restart.finished",
    name: "mapped children restart one by one: only those that failed run again",
    flow: (stage) => {
      const fragile = task("fragile", (n: number, _x: string) => {
        stage.note(`fragile ${n}`);
        if (n === 2 && run.attempt === 1) throw new Error("no");
        return n;
      });
      return flow("f", async () => await fragile.map([1, 2, 3], unmapped("x")));
    },
    expect: { end: "Failed", ran: ["fragile 1", "fragile 2", "fragile 3"] },
    later: [
      {
        by: "restart",
        expect: {
          value: [1, 2, 3],
          ran: ["fragile 2"],
          reads: ["fragile[0]", "fragile[2]"],
          states: { fragile: null },
        },
      },
    ],
  },
  {
    rule: "restart.finished",
    name: "after a crash what had succeeded is not run again; what was running is, in the same try",
    flow: (stage) => {
      const { one } = cast(stage);
      const look = task("look", (_x: unknown) => {
        stage.note("look");
        return run.tryNumber;
      });
      return flow("f", async () => await look(one()));
    },
    with: { diesAfter: 6 },
    expect: { states: { one: "Pending Running Success", look: "Pending Running" } },
    later: [{ by: "recover", expect: { value: 1, ran: ["look"], reads: ["one"] } }],
  },
  {
    rule: "restart.finished",
    name: "a cached task run is not run again",
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => await fragile(one.with({ cacheFor: "1h" })()));
    },
    expect: { end: "Failed", ran: ["one", "fragile"] },
    later: [{ by: "restart", expect: { end: "Success", ran: ["fragile"], reads: ["one"], states: { one: null } } }],
  },
  {
    rule: "restart.read-here",
    name: "values are read from the user's store, and nothing of them is told",
    flow: (stage) => {
      const secret = task("secret", () => "only here");
      const { fragile } = cast(stage);
      return flow("f", async () => {
        await fragile(secret());
        return "";
      });
    },
    expect: { end: "Failed" },
    later: [
      {
        by: "restart",
        expect: {
          end: "Success",
          reads: ["secret"],
          asked: [],
          and: ({ events }) => expect(JSON.stringify(events)).not.toContain("only here"),
        },
      },
    ],
  },
  elsewhere(
    "restart.read-here",
    "another machine that shares the storage reads them",
    "packages/sdk/src/conformance/local-storage.test.ts",
    /another machine/,
  ),
  {
    rule: "restart.read-here",
    name: "a value that two tasks take is read once",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        const shared = one();
        if (run.attempt === 1) await shared;
        if (run.attempt === 1) throw new Error("no");
        await settle(pass(shared));
        await settle(pass(shared));
      });
    },
    expect: { end: "Failed", ran: ["one"] },
    later: [{ by: "restart", expect: { end: "Success", ran: ["pass", "pass"], reads: ["one"] } }],
  },
];
