import { fail, flow, loopWith, pause, retryAfter, run, settle, skip, succeedWith, task } from "../../index.ts";
import type { Proof } from "../row.ts";
import type { Stage } from "../support/stage.ts";

/** A task that makes a signal and catches it. */
function swallowing(name: string, make: () => Error) {
  return task(name, () => {
    try {
      throw make();
    } catch {
      return "went on";
    }
  });
}

function deep(stage: Stage): never {
  stage.note("deep");
  throw succeedWith({ found: 1 });
}

export const SIGNALS: readonly Proof[] = [
  {
    rule: "signals.fail",
    name: "`throw fail(…)` ends the task as Failed with these words",
    flow: () => {
      const bad = task("bad", () => {
        throw fail("the file has no header");
      });
      return flow("f", async () => await bad());
    },
    expect: {
      end: "Failed",
      states: { bad: "Pending Running Failed" },
      says: { bad: /the file has no header/, "": /the file has no header/ },
    },
  },
  {
    rule: "signals.skip",
    name: "`throw skip(…)` ends the task as Skipped with its reason, and what takes it is skipped too",
    flow: () => {
      const idle = task("idle", () => {
        throw skip("nothing came in");
      });
      const next = task("next", (x: unknown) => x);
      return flow("f", async () => {
        await next(idle());
      });
    },
    expect: {
      end: "Success",
      states: { idle: "Pending Running Skipped", next: "Pending Skipped" },
      says: { idle: /nothing came in/ },
    },
  },
  {
    rule: "signals.retry-after",
    name: "`retryAfter` goes on for ever: no count of retries ends it",
    flow: () => {
      const shaky = task("shaky", { retries: 0 }, () => {
        if (run.tryNumber < 8) throw retryAfter("1s");
        return run.tryNumber;
      });
      return flow("f", async () => await shaky());
    },
    expect: { value: 8 },
  },
  {
    rule: "signals.pause",
    name: "`throw pause(…)` leaves the task Paused with its reason, and the run waits for a person",
    flow: (stage) => {
      const ask = task("ask", () => {
        stage.note("ask");
        if (!run.approved) throw pause("is 10,000 right?");
        return "approved";
      });
      return flow("f", async () => await ask());
    },
    expect: { end: "paused", states: { ask: "Pending Running Paused" }, says: { ask: /is 10,000 right/ }, writes: [] },
  },
  {
    rule: "signals.succeed-with",
    name: "`throw succeedWith(value)` ends the task as Success with this value, from however deep",
    flow: (stage) => {
      const find = task("find", () => {
        deep(stage);
      });
      return flow("f", async () => (await find()) as unknown);
    },
    expect: { value: { found: 1 }, states: { find: "Pending Running Success" }, ran: ["deep"], writes: ["find"] },
  },
  {
    rule: "signals.loop-with",
    name: "`throw loopWith(value)` ends the turn as Looped and begins the next",
    flow: () => {
      const count = task("count", () => {
        if (run.loop.count < 2) throw loopWith(run.loop.count);
        return "over";
      });
      return flow("f", async () => await count());
    },
    expect: { value: "over", states: { count: "Pending Running Looped Running Looped Running Success" } },
  },
  {
    rule: "signals.swallowed",
    name: "a signal that was made and did not end the task is told in the log, by its name",
    flow: () => {
      const tasks = [
        swallowing("a", () => fail("f")),
        swallowing("b", () => skip("s")),
        swallowing("c", () => retryAfter("1s")),
        swallowing("d", () => pause("p")),
        swallowing("e", () => succeedWith(1)),
        swallowing("g", () => loopWith(1)),
      ];
      return flow("f", async () => {
        for (const one of tasks) await one();
      });
    },
    expect: {
      end: "Success",
      logs: [/fail\(.*caught/, /skip\(/, /retryAfter\(/, /pause\(/, /succeedWith\(/, /loopWith\(/],
    },
  },
  {
    rule: "signals.fail",
    name: "a signal thrown by the flow itself fails the flow and says that tasks throw signals",
    flow: () =>
      flow("f", () => {
        throw skip("no");
      }),
    expect: { end: "Failed", says: { "": /inside a task/i } },
  },
  {
    rule: "signals.skip",
    name: "whoever awaits a skipped task gets undefined, and goes on",
    flow: () => {
      const idle = task("idle", (): number => {
        throw skip("nothing");
      });
      return flow("f", async () => {
        const { state } = await settle(idle());
        return [await idle(), state];
      });
    },
    expect: { value: [undefined, "Skipped"] },
  },
];
