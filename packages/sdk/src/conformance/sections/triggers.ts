import { settle, task, flow, type TaskOptions, someFailed, someSuccessful } from "../../index.ts";
import type { RuleId } from "../rules.ts";
import type { Row } from "../row.ts";
import { cast } from "../support/cast.ts";

type Trigger = NonNullable<TaskOptions["trigger"]>;
type Upstream = "ok" | "bad" | "idle";

/** A task with that trigger, which comes after one run of each of these. */
function row(rule: RuleId, trigger: Trigger, upstream: string, state: string, told: string): Row {
  return {
    rule,
    name: `${told} — after ${upstream === "" ? "nothing" : upstream.replaceAll(" ", ", ")}: ${state}`,
    flow: (stage) => {
      const { one, broken, skipped } = cast(stage);
      const kinds = { ok: one, bad: broken, idle: skipped };
      const judged = task("judged", { trigger, skipOnUpstreamSkip: false }, () => "ran");
      return flow("f", async () => {
        const after = upstream === "" ? [] : upstream.split(" ").map((kind) => kinds[kind as Upstream]());
        for (const one of after) void settle(one);
        await settle(judged.with({ after })());
      });
    },
    expect: { end: "Success", states: { judged: state === "runs" ? "Pending Running Success" : `Pending ${state}` } },
  };
}

const RUNS = "runs";
const NO = "TriggerFailed";

/** A row for each line: what the trigger is told of, and whether the task runs. */
function rows(rule: RuleId, trigger: Trigger, told: string, lines: Readonly<Record<string, string>>): Row[] {
  return Object.entries(lines).map(([upstream, state]) => row(rule, trigger, upstream, state, told));
}

export const TRIGGERS: readonly Row[] = [
  ...rows("triggers.all-successful", "all_successful", "all_successful", {
    "": RUNS,
    "ok ok": RUNS,
    "ok idle": RUNS,
    "ok bad": NO,
  }),
  ...rows("triggers.all-failed", "all_failed", "all_failed", { "bad bad": RUNS, "ok bad": NO, "bad idle": NO }),
  ...rows("triggers.any-failed", "any_failed", "any_failed", {
    "": RUNS,
    "ok bad": RUNS,
    "bad bad": RUNS,
    "ok idle": NO,
  }),
  ...rows("triggers.any-successful", "any_successful", "any_successful", {
    "ok bad": RUNS,
    "idle bad": RUNS,
    "bad bad": NO,
  }),
  ...rows("triggers.all-finished", "all_finished", "all_finished", { "": RUNS, "ok bad idle": RUNS, "bad bad": RUNS }),
  ...rows("triggers.all-finished", "always_run", "always_run", { "bad bad": RUNS }),
  ...rows("triggers.some-failed", someFailed({ atLeast: 2 }), "someFailed({ atLeast: 2 })", {
    "bad bad ok": RUNS,
    "bad ok ok": NO,
  }),
  ...rows("triggers.some-failed", someFailed({ atMost: 1 }), "someFailed({ atMost: 1 })", {
    "ok ok": RUNS,
    "ok bad": RUNS,
    "bad bad": NO,
  }),
  ...rows("triggers.some-failed", someFailed({ atLeast: 1, atMost: 2 }), "someFailed({ atLeast: 1, atMost: 2 })", {
    "ok ok ok": NO,
    "bad bad ok": RUNS,
    "bad bad bad": NO,
  }),
  ...rows("triggers.some-failed", someFailed({ atLeast: 0.5 }), "someFailed({ atLeast: 0.5 })", {
    "bad ok": RUNS,
    "bad ok ok": NO,
    "bad bad ok ok": RUNS,
  }),
  ...rows("triggers.some-failed", someFailed({ atMost: 0.25 }), "someFailed({ atMost: 0.25 })", {
    "bad ok ok ok": RUNS,
    "bad ok ok": NO,
  }),
  ...rows("triggers.some-successful", someSuccessful({ atLeast: 2 }), "someSuccessful({ atLeast: 2 })", {
    "ok ok bad": RUNS,
    "ok idle bad": RUNS,
    "ok bad bad": NO,
  }),
  ...rows("triggers.some-successful", someSuccessful({ atMost: 1 }), "someSuccessful({ atMost: 1 })", {
    "ok bad": RUNS,
    "ok ok": NO,
  }),
  ...rows("triggers.some-successful", someSuccessful({ atLeast: 0.9 }), "someSuccessful({ atLeast: 0.9 })", {
    "ok ok ok": RUNS,
    "ok ok ok bad": NO,
  }),
  ...rows("triggers.not-all-skipped", "not_all_skipped", "not_all_skipped", {
    "ok idle": RUNS,
    "idle idle": "Skipped",
    "ok bad": NO,
    "idle bad": NO,
  }),
];
