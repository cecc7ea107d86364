import {
  isFailed,
  isFinished,
  isRunning,
  isSuccessful,
  isTerminal,
  STATE_NAMES,
  STATES,
  TASK_RUN_MOVES,
} from "@weir/protocol/state";
import { expect } from "vitest";
import { flow, loopWith, task } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import { elsewhere } from "../support/elsewhere.ts";

const TREE = {
  Scheduled: "Pending",
  Paused: "Scheduled",
  Resume: "Scheduled",
  Retrying: "Scheduled",
  Submitted: "Pending",
  Queued: "Pending",
  Cancelling: "Running",
  Success: "Finished",
  Cached: "Success",
  Mapped: "Success",
  Skipped: "Success",
  Failed: "Finished",
  TimedOut: "Failed",
  TriggerFailed: "Failed",
  ValidationFailed: "Failed",
  Crashed: "Failed",
  Cancelled: "Finished",
  Looped: "Finished",
};

const SECRET_VALUE = "only the user's side may know this";

export const STATES_SECTION: readonly Proof[] = [
  {
    rule: "states.hierarchy",
    name: "the states form exactly this tree, each with a colour",
    holds: () => {
      const tree = Object.entries(STATES).flatMap(([name, { parent }]) => (parent === null ? [] : [[name, parent]]));
      expect(Object.fromEntries(tree)).toEqual(TREE);
      expect(STATE_NAMES.filter((name) => STATES[name].parent === null)).toEqual(["Pending", "Running"]);
      for (const name of STATE_NAMES) expect(STATES[name].color).toMatch(/^#[0-9a-f]{6}$/);
    },
  },
  {
    rule: "states.predicates",
    name: "what stands below Failed is failed, below Running running, below Success successful",
    holds: () => {
      expect(STATE_NAMES.filter(isFailed)).toEqual([
        "Failed",
        "TimedOut",
        "TriggerFailed",
        "ValidationFailed",
        "Crashed",
      ]);
      expect(STATE_NAMES.filter(isRunning)).toEqual(["Running", "Cancelling"]);
      expect(STATE_NAMES.filter(isSuccessful)).toEqual(["Success", "Cached", "Mapped", "Skipped"]);
    },
  },
  {
    rule: "states.cancelled",
    name: "Cancelled is finished but not failed",
    holds: () =>
      expect([isFinished("Cancelled"), isFailed("Cancelled"), isSuccessful("Cancelled")]).toEqual([true, false, false]),
  },
  {
    rule: "states.skipped",
    name: "a flow whose reference task was skipped succeeds",
    flow: (stage) => flow("f", () => cast(stage).skipped()),
    expect: { end: "Success", states: { skipped: "Pending Running Skipped" } },
  },
  {
    rule: "states.absorb",
    name: "no move leads out of a terminal state",
    holds: () => {
      const ways = STATE_NAMES.filter((name) => isTerminal(name)).map((name) => [name, TASK_RUN_MOVES[name]]);
      expect(ways.every(([, moves]) => moves === undefined)).toBe(true);
    },
  },
  {
    rule: "states.absorb",
    name: "a cancel that comes after a task run's end changes nothing of it",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", async () => {
        await one();
        stage.run?.cancel(1_000);
      });
    },
    expect: { end: "Cancelled", states: { one: "Pending Running Success" } },
  },
  {
    rule: "states.restart",
    name: "a new attempt begins a failed task run again at Pending, with its number",
    flow: (stage) => {
      const { fragile } = cast(stage);
      return flow("f", async () => await fragile());
    },
    expect: { end: "Failed", states: { fragile: "Pending Running Failed" } },
    // prettier-ignore
    later: [
      {
        by: "restart",
        expect: {
          end: "Success",
          states: { fragile: "Pending Running Success" },
          and: ({ runs }) => expect(runs.get("fragile")?.declared?.number).toBe(1),
        },
      },
    ],
  },
  elsewhere(
    "states.one-operation",
    "a restart is one transaction of the cloud",
    "apps/cloud-api/src/flow-runs/restart-flow-run.test.ts",
  ),
  elsewhere(
    "states.crashed",
    "a process that died is told as Crashed, with its exit code or signal",
    "packages/runner/src/crash.test.ts",
  ),
  {
    rule: "states.no-client-failed",
    name: "there is no ClientFailed",
    holds: () => expect(STATE_NAMES).not.toContain("ClientFailed"),
  },
  {
    rule: "states.carry",
    name: "every state carries a timestamp; Retrying its start time and try number; a failure its name and message",
    flow: (stage) => {
      const { note } = stage;
      const shaky = task("shaky", { retries: 1, retryDelay: "10s" }, () => {
        note("shaky");
        throw new TypeError("no shape");
      });
      return flow("f", async () => await shaky());
    },
    expect: {
      end: "Failed",
      states: { shaky: "Pending Running Retrying Running Failed" },
      and: ({ runs }) => {
        const [first, retrying, second, failed] = runs.get("shaky")?.events ?? [];
        expect(retrying?.startTime).toBe((retrying?.at ?? 0) + 10_000);
        expect([first?.tryNumber, second?.tryNumber]).toEqual([1, 2]);
        expect(second?.at).toBe(retrying?.startTime);
        expect(failed?.failure).toMatchObject({ name: "TypeError", message: "no shape" });
      },
    },
  },
  {
    rule: "states.carry",
    name: "Success carries where the result lies and its size, Mapped the number of children, Skipped its reason",
    flow: (stage) => {
      const { one, pass, skipped } = cast(stage);
      return flow("f", async () => {
        await one();
        await skipped();
        await pass.map([1, 2, 3]);
      });
    },
    expect: {
      end: "Success",
      says: { skipped: /nothing to do/ },
      and: ({ runs }) => {
        expect(runs.get("one")?.events.at(-1)).toMatchObject({
          location: expect.any(String) as string,
          resultBytes: expect.any(Number) as number,
        });
        expect(runs.get("pass")?.events.at(-1)).toMatchObject({ state: "Mapped", mapCount: 3 });
      },
    },
  },
  {
    rule: "states.no-values",
    name: "no event of any task carries a value: not of a result, a turn, a map, an input or a cached one",
    flow: () => {
      const make = task("make", () => SECRET_VALUE);
      const keep = task("keep", { cacheFor: "1h" }, (x: string) => x);
      const twice = task("twice", (x: string) => {
        throw loopWith(x);
      });
      const child = task("child", (x: string) => x);
      return flow("f", async () => {
        const made = make();
        await child.map(child.map([SECRET_VALUE]));
        await keep(made);
        void twice;
        return await made;
      });
    },
    expect: {
      end: "Success",
      and: ({ events }) => expect(JSON.stringify(events)).not.toContain(SECRET_VALUE),
    },
  },
];
