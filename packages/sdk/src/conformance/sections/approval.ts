import { expect } from "vitest";
import { flow, pause, run, task } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import type { Stage } from "../support/stage.ts";

function asking(stage: Stage) {
  const { one } = cast(stage);
  const ask = task("ask", (_x: unknown) => {
    stage.note(run.approved ? "ask, approved" : "ask");
    if (!run.approved) throw pause("is it right?");
    return "done";
  });
  return flow("f", async () => await ask(one()));
}

function manual(stage: Stage) {
  const { one, two } = cast(stage);
  return flow("f", async () => await one.with({ trigger: "manual_only", after: [two()] })());
}

/** What the cloud tells of a run after a person approved all that is Paused. */
const approved = (stage: Stage): void => {
  stage.rows = stage.rows.map((row) => (row.state === "Paused" ? { ...row, approved: true } : row));
};

export const APPROVAL: readonly Proof[] = [
  {
    rule: "approval.paused",
    name: "when all that is left waits for approval, the run rests: nothing is awaited, no timer is left",
    flow: manual,
    expect: {
      end: "paused",
      states: { one: "Pending Paused" },
      and: ({ events }, stage) => {
        expect(stage.clock.left).toBe(0);
        expect(events.filter((event) => event.kind === "flow").map(({ state }) => state)).toEqual(["Running"]);
      },
    },
  },
  {
    rule: "approval.paused",
    name: "other tasks come to their end before the run rests",
    flow: (stage) => {
      const slow = task("slow", async () => {
        await stage.clock.sleep(60_000);
        stage.note("slow");
      });
      const ask = task("ask", () => {
        throw pause();
      });
      return flow("f", async () => {
        const runs = [ask(), slow()];
        await Promise.all(runs);
      });
    },
    expect: {
      end: "paused",
      ran: ["slow"],
      states: { slow: "Pending Running Success", ask: "Pending Running Paused" },
    },
  },
  {
    rule: "approval.paused",
    name: "a run that is claimed again without an approval rests again, and runs nothing",
    flow: asking,
    expect: { end: "paused", ran: ["one", "ask"] },
    later: [{ by: "recover", expect: { end: "paused", ran: [] } }],
  },
  {
    rule: "approval.resume",
    name: "a task run that was approved while nobody held the run runs from its beginning, knowing that it was approved",
    flow: asking,
    expect: { end: "paused" },
    later: [
      {
        by: "recover",
        before: approved,
        expect: { value: "done", ran: ["ask, approved"], states: { ask: "Pending Running Success" }, reads: ["one"] },
      },
    ],
  },
  {
    rule: "approval.resume",
    name: "an approved `manual_only` task runs",
    flow: manual,
    expect: { end: "paused", ran: ["two"] },
    later: [
      {
        by: "recover",
        before: approved,
        expect: { value: { n: 1 }, ran: ["one"], states: { one: "Pending Running Success", two: null } },
      },
    ],
  },
  {
    rule: "approval.resume",
    name: "an approval that comes while the run is held makes it Resume, and it goes on at once",
    flow: (stage) => {
      const { one } = cast(stage);
      const slow = task("slow", async () => {
        await stage.clock.sleep(10_000);
        stage.run?.order({ kind: "approve", numbers: [1] });
        await stage.clock.sleep(10_000);
      });
      return flow("f", async () => {
        const asked = one.with({ trigger: "manual_only" })();
        await slow();
        return await asked;
      });
    },
    expect: { value: { n: 1 }, states: { one: "Pending Paused Resume Running Success" } },
  },
  {
    rule: "approval.resume",
    name: "a task that is approved may pause again: each approval is good for one pause",
    flow: (stage) => {
      const ask = task("ask", () => {
        stage.note("ask");
        throw pause("never enough");
      });
      return flow("f", async () => await ask());
    },
    expect: { end: "paused" },
    later: [{ by: "recover", before: approved, expect: { end: "paused", ran: ["ask"] } }],
  },
  {
    rule: "approval.resume",
    name: "a child of a map that pauses keeps the run waiting; once it is approved, only that child runs",
    flow: (stage) => {
      const ask = task("ask", (n: number) => {
        stage.note(`ask ${n}`);
        if (n === 2 && !run.approved) throw pause("is 2 right?");
        return n * 10;
      });
      return flow("f", async () => await ask.map([1, 2, 3]));
    },
    expect: { end: "paused", ran: ["ask 1", "ask 2", "ask 3"], states: { "ask[1]": "Pending Running Paused" } },
    later: [{ by: "recover", before: approved, expect: { value: [10, 20, 30], ran: ["ask 2"] } }],
  },
  {
    rule: "approval.resume",
    name: "a task of a subflow that pauses keeps the run waiting; once it is approved, the subflow goes on",
    flow: (stage) => {
      const { one } = cast(stage);
      const ask = task("ask", (_x: unknown) => {
        stage.note("ask");
        if (!run.approved) throw pause();
        return "done";
      });
      const inner = flow("inner", async () => await ask(one()));
      return flow("f", async () => await inner());
    },
    expect: { end: "paused", ran: ["one", "ask"] },
    later: [{ by: "recover", before: approved, expect: { value: "done", ran: ["ask"], reads: ["one"] } }],
  },
  {
    rule: "approval.paused",
    name: "a further try that is due sooner than a person comes is told: the run is claimed again for it, and rests again",
    flow: (stage) => {
      const { one } = cast(stage);
      const shaky = task("shaky", { retries: 1, retryDelay: "1h" }, () => {
        stage.note("shaky");
        if (run.tryNumber === 1) throw new Error("once");
      });
      return flow("f", async () => {
        await Promise.all([one.with({ trigger: "manual_only" })(), shaky()]);
      });
    },
    expect: { end: "waiting", ran: ["shaky"], and: ({ end }) => expect(end).toMatchObject({ dueInMs: 3_600_000 }) },
    later: [
      {
        by: "recover",
        before: (stage) => stage.clock.pass(3_600_000),
        expect: { end: "paused", ran: ["shaky"] },
      },
      { by: "recover", before: approved, expect: { end: "Success", ran: ["one"] } },
    ],
  },
  {
    rule: "approval.paused",
    name: "an order to pause lets what runs come to its end and begins nothing more",
    flow: (stage) => {
      const { one } = cast(stage);
      const slow = task("slow", async () => {
        stage.run?.order({ kind: "pause" });
        await stage.clock.sleep(10_000);
        stage.note("slow");
      });
      return flow("f", async () => {
        await slow();
        await one();
      });
    },
    expect: { end: "paused", ran: ["slow"], states: { slow: "Pending Running Success" } },
    later: [{ by: "recover", expect: { end: "Success", ran: ["one"] } }],
  },
  {
    rule: "approval.resume",
    name: "an order to resume takes a pause back",
    flow: (stage) => {
      const { one } = cast(stage);
      const slow = task("slow", async () => {
        stage.run?.order({ kind: "pause" });
        await stage.clock.sleep(10_000);
        stage.run?.order({ kind: "resume" });
      });
      return flow("f", async () => {
        await slow();
        await one();
      });
    },
    expect: { end: "Success", ran: ["one"] },
  },
];
