import { expect } from "vitest";
import {
  fail,
  flow,
  retryAfter,
  run,
  settle,
  task,
  type TaskOptions,
  TaskTimeoutError,
  unmapped,
} from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import type { Played, Stage } from "../support/stage.ts";

/** Waits between the tries of a task, as they were told. Milliseconds. */
function waits({ runs }: Played, name: string): number[] {
  const events = runs.get(name)?.events ?? [];
  return events.flatMap(({ state, at, startTime }) => (state === "Retrying" ? [(startTime ?? 0) - at] : []));
}

/** A flow of one task that always fails. */
function failing(options: TaskOptions, thrown: () => unknown = () => new Error("no")) {
  return (stage: Stage) => {
    const bad = task("bad", options, () => {
      stage.note("bad");
      throw thrown();
    });
    return flow("f", async () => await bad());
  };
}

class Flaky extends Error {}

/** A task that is tried again for hours: longer than the run is held. */
function patient(stage: Stage) {
  const shaky = task("shaky", { retries: 1, retryDelay: "11m" }, () => {
    stage.note("shaky");
    if (run.tryNumber === 1) throw new Error("once");
    return run.tryNumber;
  });
  return flow("f", async () => await shaky());
}

const TWICE = "Pending Running Retrying Running Failed";

export const RETRIES: readonly Proof[] = [
  {
    rule: "retries.count",
    name: "`retries: 2` allows two further tries",
    flow: failing({ retries: 2, retryDelay: 0 }),
    expect: {
      end: "Failed",
      ran: ["bad", "bad", "bad"],
      states: { bad: TWICE.replace("Failed", "Retrying Running Failed") },
    },
  },
  {
    rule: "retries.count",
    name: "no `retries` means one try",
    flow: failing({}),
    expect: { end: "Failed", ran: ["bad"], states: { bad: "Pending Running Failed" } },
  },
  {
    rule: "retries.count",
    name: "a list of delays allows as many tries, each after its own delay",
    flow: failing({ retries: ["1s", "10s", "1m"] }),
    expect: { end: "Failed", and: (played) => expect(waits(played, "bad")).toEqual([1_000, 10_000, 60_000]) },
  },
  {
    rule: "retries.count",
    name: "a try that succeeds ends the tries",
    flow: (stage) => {
      const shaky = task("shaky", { retries: 5, retryDelay: 0 }, () => {
        stage.note("shaky");
        if (run.tryNumber < 3) throw new Error("not yet");
        return run.tryNumber;
      });
      return flow("f", async () => await shaky());
    },
    expect: { value: 3, ran: ["shaky", "shaky", "shaky"] },
  },
  {
    rule: "retries.delay",
    name: "`retryDelay` is the wait before each further try",
    flow: failing({ retries: 3, retryDelay: "20s" }),
    expect: { end: "Failed", and: (played) => expect(waits(played, "bad")).toEqual([20_000, 20_000, 20_000]) },
  },
  {
    rule: "retries.backoff",
    name: "`backoff` makes each wait so many times the one before",
    flow: failing({ retries: 4, retryDelay: "1s", backoff: 3 }),
    expect: { end: "Failed", and: (played) => expect(waits(played, "bad")).toEqual([1_000, 3_000, 9_000, 27_000]) },
  },
  {
    rule: "retries.jitter",
    name: "`jitter` makes a wait longer or shorter by at most its share",
    before: (stage) => (stage.clock.chance = 1),
    flow: failing({ retries: 1, retryDelay: "10s", jitter: 0.2 }),
    expect: { end: "Failed", and: (played) => expect(waits(played, "bad")).toEqual([12_000]) },
    later: [
      {
        by: "new",
        before: (stage) => (stage.clock.chance = 0),
        expect: { end: "Failed", and: (played) => expect(waits(played, "bad")).toEqual([8_000]) },
      },
    ],
  },
  {
    rule: "retries.on",
    name: "`retryOn` with an error class: only such failures are tried again",
    flow: failing({ retries: 1, retryDelay: 0, retryOn: Flaky }),
    expect: { end: "Failed", ran: ["bad"] },
    later: [
      {
        by: "new",
        flow: failing({ retries: 1, retryDelay: 0, retryOn: [RangeError, Flaky] }, () => new Flaky("again")),
        expect: { end: "Failed", ran: ["bad", "bad"], states: { bad: TWICE } },
      },
    ],
  },
  {
    rule: "retries.on",
    name: "`retryOn` with a predicate: it sees what was thrown",
    flow: failing(
      { retries: 1, retryDelay: 0, retryOn: (error) => String(error).includes("503") },
      () => new Error("got 404"),
    ),
    expect: { end: "Failed", ran: ["bad"] },
    later: [
      {
        by: "new",
        flow: failing(
          { retries: 1, retryDelay: 0, retryOn: (error) => String(error).includes("503") },
          () => new Error("got 503"),
        ),
        expect: { end: "Failed", ran: ["bad", "bad"] },
      },
    ],
  },
  {
    rule: "retries.on",
    name: "a timeout is tried again when `retryOn` names it, and not when it names something else",
    flow: (stage) => {
      const never = (name: string, retryOn: NonNullable<TaskOptions["retryOn"]>) =>
        task(name, { retries: 1, retryDelay: 0, timeout: "1s", retryOn }, async () => {
          stage.note(name);
          await new Promise(() => undefined);
        });
      return flow("f", async () => {
        const runs = [never("named", [TaskTimeoutError])(), never("other", [Flaky])()];
        for (const one of runs) await settle(one);
      });
    },
    expect: {
      end: "Success",
      states: { named: "Pending Running Retrying Running TimedOut", other: "Pending Running TimedOut" },
    },
  },
  {
    rule: "retries.never",
    name: "a trigger that says no is not tried again",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one.with({ trigger: "any_failed", retries: 3, after: [cast(stage).two()] })());
    },
    expect: { end: "Failed", states: { one: "Pending TriggerFailed" } },
  },
  {
    rule: "retries.never",
    name: "an input that did not succeed is not waited for by further tries",
    flow: (stage) => {
      const { broken, pass } = cast(stage);
      return flow("f", async () => await pass.with({ retries: 3 })(broken()));
    },
    expect: { end: "Failed", states: { pass: "Pending TriggerFailed" }, ran: ["broken"] },
  },
  {
    rule: "retries.never",
    name: "a map that cannot be made is not tried again",
    flow: (stage) => {
      const { pass } = cast(stage);
      return flow("f", async () => await pass.with({ retries: 3, retryDelay: 0 }).map([1, 2], [1]));
    },
    expect: { end: "Failed", states: { pass: "Pending Failed" }, codes: { pass: "MAP_INVALID" } },
  },
  {
    rule: "retries.never",
    name: "a result that cannot be read is not tried again",
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => await fragile.with({ key: "k" })(one()));
    },
    expect: { end: "Failed" },
    later: [
      {
        by: "restart",
        before: ({ store }) => (store.trouble = { read: { one: () => Promise.reject(new Error("gone")) } }),
        flow: (stage) => {
          const { one, fragile } = cast(stage);
          return flow("f", async () => await fragile.with({ key: "k", retries: 3, retryDelay: 0 })(one()));
        },
        expect: { end: "Failed", states: { fragile: "Pending Failed" }, codes: { fragile: "RESULT_READ_FAILED" } },
      },
    ],
  },
  {
    rule: "retries.never",
    name: "a result that could not be written is no failure of the code: it is not run a second time",
    before: ({ store }) => (store.trouble = { write: ["one"] }),
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one.with({ retries: 3, retryDelay: 0 })());
    },
    expect: { end: "Failed", ran: ["one"], states: { one: "Pending Running Failed" }, says: { one: /no rights/ } },
  },
  {
    rule: "retries.hold",
    name: "a wait of more than ten minutes lets go of the run, and says when it is due",
    flow: patient,
    expect: {
      end: "waiting",
      states: { shaky: "Pending Running Retrying" },
      and: ({ end }) => expect("rest" in end && end.rest === "waiting" ? end.dueInMs : null).toBe(660_000),
    },
  },
  {
    rule: "retries.hold",
    name: "a wait of ten minutes is held",
    flow: failing({ retries: 1, retryDelay: "10m" }),
    expect: { end: "Failed", states: { bad: TWICE } },
  },
  {
    rule: "retries.hold",
    name: "`holdFor` says how long a wait is held",
    flow: failing({ retries: 1, retryDelay: "6s", holdFor: "5s" }),
    expect: { end: "waiting" },
    later: [{ by: "new", flow: failing({ retries: 1, retryDelay: "3h", holdFor: "3h" }), expect: { end: "Failed" } }],
  },
  {
    rule: "retries.hold",
    name: "the run is not let go while another of its tasks still runs",
    flow: (stage) => {
      const slow = task("slow", async () => {
        await stage.clock.sleep(120_000);
        stage.note("slow");
      });
      const bad = task("bad", { retries: 1, retryDelay: "1h" }, () => {
        throw new Error("again");
      });
      return flow("f", async () => {
        const runs = [slow(), bad()];
        for (const one of runs) await settle(one);
      });
    },
    expect: {
      end: "waiting",
      ran: ["slow"],
      states: { slow: "Pending Running Success", bad: "Pending Running Retrying" },
    },
  },
  {
    rule: "retries.due",
    name: "whoever claims the run when the try is due goes on with that try, and runs nothing else again",
    flow: (stage) => {
      const { one } = cast(stage);
      const shaky = task("shaky", { retries: 1, retryDelay: "11m" }, (_x: unknown) => {
        stage.note("shaky");
        if (run.tryNumber === 1) throw new Error("once");
        return run.tryNumber;
      });
      return flow("f", async () => await shaky(one()));
    },
    expect: { end: "waiting", ran: ["one", "shaky"] },
    later: [
      {
        by: "recover",
        before: (stage) => stage.clock.pass(660_000),
        expect: { value: 2, ran: ["shaky"], reads: ["one"], states: { one: null } },
      },
    ],
  },
  {
    rule: "signals.retry-after",
    name: "`throw retryAfter(…)` asks for another try whatever `retries` says, at its moment",
    flow: (stage) => {
      const shaky = task("shaky", () => {
        if (run.tryNumber === 1) throw retryAfter("30s", "the export is not ready");
        if (run.tryNumber === 2) throw retryAfter(new Date(stage.clock.now() + 5_000));
        return run.tryNumber;
      });
      return flow("f", async () => await shaky());
    },
    expect: { value: 3, and: (played) => expect(waits(played, "shaky")).toEqual([30_000, 5_000]) },
  },
  {
    rule: "signals.fail",
    name: "`throw fail(…)` ends the try as Failed with its own words; retries apply",
    flow: failing({ retries: 1, retryDelay: 0 }, () => fail("the file has no header")),
    expect: { end: "Failed", states: { bad: TWICE }, says: { bad: /the file has no header/ } },
  },
  {
    rule: "mapping.child-per-index",
    name: "each child is tried again on its own",
    flow: (stage) => {
      const shaky = task("shaky", { retries: 1, retryDelay: 0 }, (n: number, _x: string) => {
        stage.note(`shaky ${n}`);
        if (n === 2 && run.tryNumber === 1) throw new Error("once");
        return n;
      });
      return flow("f", async () => await shaky.map([1, 2], unmapped("x")));
    },
    expect: { value: [1, 2], ran: ["shaky 1", "shaky 2", "shaky 2"] },
  },
];
