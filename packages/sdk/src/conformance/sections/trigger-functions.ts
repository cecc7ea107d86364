import { expect } from "vitest";
import {
  allFailed,
  allFinished,
  allSuccessful,
  alwaysRun,
  anyFailed,
  anySuccessful,
  flow,
  manualOnly,
  notAllSkipped,
  settle,
  task,
} from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";

export const TRIGGER_FUNCTIONS: readonly Proof[] = [
  {
    rule: "triggers.function",
    name: "a function of the upstream states decides: it sees task, number and state of each",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      const seen: unknown[] = [];
      const judged = task("judged", () => JSON.stringify(seen));
      return flow("f", async () => {
        const after = [one(), broken()];
        for (const one of after) void settle(one);
        const trigger = (upstream: readonly object[]) => {
          seen.push(...upstream);
          return upstream.length === 2;
        };
        return JSON.parse(await judged.with({ after, trigger })()) as unknown;
      });
    },
    expect: {
      end: "Success",
      and: ({ end }) =>
        expect("value" in end && end.value).toMatchObject([
          { task: "one", number: 1, state: "Success" },
          { task: "broken", number: 2, state: "Failed" },
        ]),
    },
  },
  {
    rule: "triggers.function",
    name: "a trigger may be asynchronous",
    flow: (stage) => {
      const { one, two } = cast(stage);
      const trigger = async (upstream: readonly { state: string }[]) => {
        await stage.clock.sleep(10);
        return upstream.length > 1;
      };
      return flow("f", async () => await one.with({ trigger, after: [two()] })());
    },
    expect: { end: "Failed", states: { one: "Pending TriggerFailed" }, ran: ["two"] },
  },
  {
    rule: "triggers.function",
    name: "a trigger sees the children of a mapped run in its place",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      const trigger = (upstream: readonly { mapIndex?: number | undefined }[]) =>
        upstream.map(({ mapIndex }) => mapIndex).join() === "0,1,2";
      return flow("f", async () => await one.with({ trigger, after: [pass.map([1, 2, 3])] })());
    },
    expect: { value: { n: 1 } },
  },
  {
    rule: "triggers.function",
    name: "the names as values are the same triggers as the names in text",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      return flow("f", async () => {
        const bad = broken();
        void settle(bad);
        for (const trigger of [allFailed, anyFailed, allFinished, alwaysRun])
          await one.with({ trigger, after: [bad] })();
        for (const trigger of [allSuccessful, anySuccessful, notAllSkipped]) {
          void settle(one.with({ trigger, after: [bad] })());
        }
      });
    },
    expect: {
      end: "Success",
      states: {
        one: "Pending Running Success",
        "one#3": "Pending Running Success",
        "one#4": "Pending TriggerFailed",
        "one#6": "Pending TriggerFailed",
      },
      ran: ["broken", "one", "one", "one", "one"],
    },
  },
  {
    rule: "triggers.any-failed",
    name: "a trigger sees how a settled input ended: `any_failed` runs after a failure that it settles, and not after a success",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      const judged = task("judged", { trigger: "any_failed" }, (outcome: { state: string }) => outcome.state);
      return flow("f", async () => {
        await settle(judged(settle(broken())));
        await settle(judged(settle(one())));
      });
    },
    expect: {
      end: "Success",
      states: { judged: "Pending Running Success", "judged#1": "Pending TriggerFailed" },
    },
  },
  {
    rule: "triggers.all-successful",
    name: "by the default trigger a settled input stands in nobody's way",
    flow: (stage) => {
      const { broken } = cast(stage);
      const judged = task("judged", (outcome: { state: string }) => outcome.state);
      return flow("f", async () => await judged(settle(broken())));
    },
    expect: { value: "Failed" },
  },
  {
    rule: "triggers.manual-only",
    name: "`manual_only` pauses the task before it runs, until a person approves it",
    flow: (stage) => {
      const { one, two } = cast(stage);
      return flow("f", async () => await one.with({ trigger: manualOnly, after: [two()] })());
    },
    expect: { end: "paused", states: { one: "Pending Paused" }, ran: ["two"] },
  },
  {
    rule: "triggers.all-successful",
    name: "the default says which upstream did not succeed, with its failure as cause",
    flow: (stage) => {
      const { one, broken } = cast(stage);
      return flow("f", async () => await one.with({ after: [broken()] })());
    },
    expect: { end: "Failed", states: { one: "Pending TriggerFailed" }, says: { one: /broken.*task run 1/ } },
  },
];
