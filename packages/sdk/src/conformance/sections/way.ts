import { expect } from "vitest";
import { flow, run, settle, skip, task, unmapped } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import type { Played, Stage } from "../support/stage.ts";

/** A trigger that notes that it was asked. */
function asked(stage: Stage, answer: boolean) {
  return () => {
    stage.note("trigger");
    return answer;
  };
}

/** Told when it was declared, or with its first state after the inputs were there. */
function shownName({ runs }: Played, name: string): string | undefined {
  const told = runs.get(name);
  return told?.events.find(({ runName }) => runName !== undefined)?.runName ?? told?.declared?.runName;
}

export const WAY: readonly Proof[] = [
  {
    rule: "way.ready",
    name: "a task run that is over is not begun again by an attempt that follows",
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => await fragile(one()));
    },
    expect: { end: "Failed", ran: ["one", "fragile"] },
    later: [{ by: "restart", expect: { end: "Success", ran: ["fragile"], states: { one: null } } }],
  },
  {
    rule: "way.start-time",
    name: "a task run that waits for its next try begins no earlier in the attempt that takes over",
    flow: (stage) => {
      const shaky = task("shaky", { retries: 1, retryDelay: "2m" }, () => {
        stage.note("shaky");
        if (run.attempt === 1) throw new Error("again");
        return run.tryNumber;
      });
      return flow("f", async () => await shaky());
    },
    with: { diesAfter: 4 },
    expect: { states: { shaky: "Pending Running Retrying" } },
    later: [
      {
        by: "recover",
        before: (stage) => stage.clock.pass(-100_000),
        expect: {
          end: "Success",
          value: 2,
          and: ({ runs }) => {
            const [waiting, began] = runs.get("shaky")?.events ?? [];
            expect(waiting?.state).toBe("Retrying");
            expect(began?.at).toBe(waiting?.startTime);
          },
        },
      },
    ],
  },
  {
    rule: "way.upstream-finished",
    name: "a task begins when the last of its upstreams has finished, and no earlier",
    flow: (stage) => {
      const { pass, one } = cast(stage);
      const slow = task("slow", async () => {
        await stage.clock.sleep(60_000);
        stage.note("slow");
      });
      return flow("f", async () => await pass.with({ after: [slow()] })(one()));
    },
    expect: { end: "Success", and: ({ ran }) => expect(ran).toEqual(["one", "slow", "pass"]) },
  },
  {
    rule: "way.skip-first",
    name: "a skipped upstream skips the task, before its trigger is asked",
    flow: (stage) => {
      const { skipped, pass } = cast(stage);
      return flow("f", async () => await pass.with({ trigger: asked(stage, false) })(skipped()));
    },
    expect: { end: "Success", states: { pass: "Pending Skipped" }, ran: ["skipped"], says: { pass: /skipped/i } },
  },
  {
    rule: "way.skip-first",
    name: "a skipped upstream by `after` skips the task too",
    flow: (stage) => {
      const { skipped, one } = cast(stage);
      return flow("f", async () => await one.with({ after: [skipped()] })());
    },
    expect: { end: "Success", states: { one: "Pending Skipped" }, ran: ["skipped"] },
  },
  {
    rule: "way.skip-first",
    name: "a skipped upstream beside a failed one skips the task",
    flow: (stage) => {
      const { skipped, broken, pass } = cast(stage);
      return flow("f", async () => {
        const bad = broken();
        void settle(bad);
        await pass(bad, skipped());
      });
    },
    expect: { end: "Success", states: { pass: "Pending Skipped" } },
  },
  {
    rule: "way.skip-first",
    name: "with `skipOnUpstreamSkip: false` the trigger decides, and a skipped upstream counts as successful",
    flow: (stage) => {
      const { skipped, one } = cast(stage);
      return flow("f", async () => await one.with({ skipOnUpstreamSkip: false, after: [skipped()] })());
    },
    expect: { end: "Success", states: { one: "Pending Running Success" }, ran: ["skipped", "one"] },
  },
  {
    rule: "way.skip-first",
    name: "a skipped upstream that all children share skips the mapped run, unless skips do not matter",
    flow: (stage) => {
      const { skipped, pass } = cast(stage);
      return flow("f", async () => {
        await pass.map([1, 2], unmapped(skipped()));
        return await pass.with({ skipOnUpstreamSkip: false }).map([1], unmapped(skipped()));
      });
    },
    expect: {
      value: [[1, undefined]],
      states: { pass: "Pending Skipped", "pass#1": "Pending Mapped", "pass#1[0]": "Pending Running Success" },
    },
  },
  {
    rule: "way.load",
    name: "an upstream known only by its location is read before the task runs",
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => await fragile(one()));
    },
    expect: { end: "Failed" },
    later: [{ by: "restart", expect: { end: "Success", value: [{ n: 1 }], reads: ["one"] } }],
  },
  {
    rule: "way.load",
    name: "an upstream that was skipped decides before one that cannot be read",
    flow: (stage) => {
      const { one, skipped, pass } = cast(stage);
      const again = task("again", () => {
        if (run.attempt === 1) throw new Error("again");
      });
      return flow("f", async () => {
        const [value, none] = [one(), skipped()];
        await again();
        await pass(value, none);
      });
    },
    expect: { end: "Failed" },
    later: [
      {
        by: "restart",
        before: ({ store }) => (store.trouble = { read: { one: () => Promise.reject(new Error("vanished")) } }),
        expect: { end: "Success", states: { pass: "Pending Skipped" } },
      },
    ],
  },
  {
    rule: "way.load",
    name: "an input that cannot be read fails the task before its trigger is asked",
    flow: (stage) => {
      const { one, fragile } = cast(stage);
      return flow("f", async () => await fragile.with({ trigger: asked(stage, true), retries: 2 })(one()));
    },
    expect: { end: "Failed" },
    later: [
      {
        by: "restart",
        before: ({ store }) => (store.trouble = { read: { one: () => Promise.reject(new Error("vanished")) } }),
        expect: { end: "Failed", ran: [], states: { fragile: "Pending Failed" }, says: { fragile: /vanished/ } },
      },
    ],
  },
  {
    rule: "way.mapped",
    name: "a mapped run becomes Mapped and never Running; it is the children that run",
    flow: (stage) => {
      const { pass } = cast(stage);
      return flow("f", async () => await pass.map([1, 2]));
    },
    expect: {
      end: "Success",
      states: { pass: "Pending Mapped", "pass[0]": "Pending Running Success", "pass[1]": "Pending Running Success" },
    },
  },
  {
    rule: "way.mapped",
    name: "an empty list makes a mapped run without children, which succeeds",
    flow: (stage) => {
      const { pass } = cast(stage);
      return flow("f", async () => await pass.map([]));
    },
    expect: { value: [], states: { pass: "Pending Mapped" }, ran: [] },
  },
  {
    rule: "way.mapped",
    name: "a mapped run fans out before its trigger is asked: the trigger is each child's own",
    flow: (stage) => {
      const { pass, broken } = cast(stage);
      return flow("f", async () => {
        const bad = broken();
        void settle(bad);
        return await pass.with({ trigger: "any_failed", after: [bad] }).map([1, 2]);
      });
    },
    expect: {
      value: [[1], [2]],
      states: { pass: "Pending Mapped", "pass[1]": "Pending Running Success" },
    },
  },
  {
    rule: "way.run-name",
    name: "the run name is rendered from inputs and parameters",
    flow: (stage) => {
      const { pass } = cast(stage);
      return flow("f", async (_x: { day: string }) => {
        await pass.with({ runName: "pass {inputs.0} on {parameters.day}" })(7);
      });
    },
    with: { parameters: { day: "mon" } },
    expect: { end: "Success", and: (played) => expect(shownName(played, "pass")).toBe("pass 7 on mon") },
  },
  {
    rule: "way.run-name",
    name: "a run name may be a function of the inputs",
    flow: () => {
      const greet = task("greet", { runName: (who: string) => `greet ${who}` }, (who: string) => who);
      return flow("f", async () => await greet("you"));
    },
    expect: { end: "Success", and: (played) => expect(shownName(played, "greet")).toBe("greet you") },
  },
  {
    rule: "way.cached",
    name: "a cached result ends the task run without running it",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one.with({ cacheFor: "1h" })());
    },
    expect: { end: "Success", ran: ["one"] },
    later: [{ by: "new", expect: { value: { n: 1 }, ran: [], states: { one: "Pending Cached" } } }],
  },
  {
    rule: "way.trigger",
    name: "a cached result does not overrule a trigger that says no",
    flow: (stage) => {
      const { one, two } = cast(stage);
      const trigger = () => stage.attempt === 1 && stage.ran.length < 3;
      return flow("f", async () => {
        const kept = one.with({ cacheFor: "1h", trigger, after: [two()] })();
        void settle(kept);
      });
    },
    expect: { end: "Success", ran: ["one", "two"] },
    later: [{ by: "new", expect: { ran: ["two"], states: { one: "Pending TriggerFailed" } } }],
  },
  {
    rule: "way.trigger",
    name: "a task whose trigger says no asks for no slot and never runs",
    flow: (stage) => {
      const { one, two } = cast(stage);
      return flow("f", async () => await one.with({ tags: ["db"], trigger: () => false, after: [two()] })());
    },
    expect: { end: "Failed", states: { one: "Pending TriggerFailed" }, asked: [], ran: ["two"] },
  },
  {
    rule: "way.slots",
    name: "a task with tags asks for its slots before it runs; one without tags asks nobody",
    flow: (stage) => {
      const { one, two } = cast(stage);
      return flow("f", async () => {
        await one.with({ tags: ["db", "fast"] })();
        await two();
      });
    },
    expect: { end: "Success", asked: ["slots 1 db+fast"], states: { one: "Pending Running Success" } },
  },
  {
    rule: "way.slots",
    name: "a cached result asks for no slot",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one.with({ cacheFor: "1h", tags: ["db"] })());
    },
    expect: {
      end: "Success",
      and: ({ asked }) => expect(asked.filter((line) => line.startsWith("slots"))).toHaveLength(1),
    },
    later: [
      {
        by: "new",
        expect: {
          end: "Success",
          and: ({ asked }) => expect(asked.filter((line) => line.startsWith("slots"))).toEqual([]),
        },
      },
    ],
  },
  {
    rule: "way.running",
    name: "Running is told before the code begins, with the number of the try",
    flow: (stage) => {
      const look = task("look", () => {
        stage.note("look");
        return run.tryNumber;
      });
      return flow("f", async () => await look());
    },
    expect: {
      value: 1,
      and: ({ runs }) => expect(runs.get("look")?.events[0]).toMatchObject({ state: "Running", tryNumber: 1 }),
    },
  },
  {
    rule: "way.after",
    name: "a result is written before its success is told, and the success says where",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => await one());
    },
    expect: {
      end: "Success",
      writes: ["one"],
      and: ({ runs }) =>
        expect(runs.get("one")?.events.at(-1)).toMatchObject({ location: expect.any(String) as string }),
    },
  },
  {
    rule: "way.after",
    name: "a failure is decided after the try: a retry before the end, no cache and no turn",
    flow: (stage) => {
      const shaky = task("shaky", { retries: 1, retryDelay: 0, cacheFor: "1h" }, () => {
        stage.note("shaky");
        if (run.tryNumber === 1) throw new Error("once");
        return 1;
      });
      return flow("f", async () => await shaky());
    },
    expect: { value: 1, states: { shaky: "Pending Running Retrying Running Cached" }, writes: ["shaky"] },
  },
  {
    rule: "way.after",
    name: "a skip ends the task run at once: nothing is written, cached or tried again",
    flow: () => {
      const idle = task("idle", { retries: 3, cacheFor: "1h" }, () => {
        throw skip("not today");
      });
      return flow("f", async () => await idle());
    },
    expect: { end: "Success", states: { idle: "Pending Running Skipped" }, writes: [] },
  },
];
