import { expect } from "vitest";
import { flow, run, settle, task } from "../../index.ts";
import type { Proof } from "../row.ts";
import { elsewhere } from "../support/elsewhere.ts";

export const TIMEOUTS: readonly Proof[] = [
  {
    rule: "timeouts.per-try",
    name: "the time of a try begins anew with each try",
    flow: (stage) => {
      const slow = task("slow", { timeout: "10s", retries: 2, retryDelay: "1s" }, async () => {
        stage.note("slow");
        if (run.tryNumber < 3) await stage.clock.sleep(60_000);
        else await stage.clock.sleep(9_000);
        return run.tryNumber;
      });
      return flow("f", async () => await slow());
    },
    expect: { value: 3, states: { slow: "Pending Running Retrying Running Retrying Running Success" } },
  },
  {
    rule: "timeouts.per-try",
    name: "a try that takes too long ends as TimedOut, at its time, and says so",
    flow: () => {
      const stuck = task("stuck", { timeout: "10s" }, async () => await new Promise(() => undefined));
      return flow("f", async () => await stuck());
    },
    expect: {
      end: "Failed",
      states: { stuck: "Pending Running TimedOut" },
      codes: { stuck: "TASK_TIMED_OUT" },
      says: { stuck: /"?stuck.*10000 ms/ },
      and: ({ runs }) => {
        const [began, ended] = runs.get("stuck")?.events ?? [];
        expect((ended?.at ?? 0) - (began?.at ?? 0)).toBe(10_000);
      },
    },
  },
  {
    rule: "timeouts.enforced",
    name: "the task's signal is aborted when its time is up",
    flow: (stage) => {
      const obedient = task("obedient", { timeout: "1s" }, async () => {
        const { signal } = run;
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        stage.note(`aborted: ${(signal.reason as Error).name}`);
      });
      return flow("f", async () => {
        await settle(obedient());
        await stage.clock.sleep(1);
      });
    },
    expect: { end: "Success", ran: ["aborted: TaskTimeoutError"], states: { obedient: "Pending Running TimedOut" } },
  },
  {
    rule: "timeouts.enforced",
    name: "what the code gives after its time is up changes nothing and is not written",
    flow: (stage) => {
      const late = task("late", { timeout: "1s" }, async () => {
        await stage.clock.sleep(5_000);
        return "late";
      });
      return flow("f", async () => {
        await settle(late());
        await stage.clock.sleep(60_000);
      });
    },
    expect: { end: "Success", states: { late: "Pending Running TimedOut" }, writes: [] },
  },
  {
    rule: "timeouts.enforced",
    name: "waiting for an input, for a slot or for a further try is no part of the time",
    flow: (stage) => {
      const slow = task("slow", async () => await stage.clock.sleep(60_000));
      const quick = task("quick", { timeout: "1s", retries: 1, retryDelay: "1m" }, async (_x: void) => {
        if (run.tryNumber === 1) throw new Error("once");
      });
      return flow("f", async () => await quick(slow()));
    },
    expect: { end: "Success", states: { quick: "Pending Running Retrying Running Success" } },
  },
  elsewhere(
    "timeouts.killed",
    "a thread that does not stop is killed when its time is up",
    "packages/sdk/src/executors/threads/threads.test.ts",
    /kills: true/,
  ),
];
