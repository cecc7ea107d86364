import { expect } from "vitest";
import * as sdk from "../../index.ts";
import { flow, run, settle, task, unmapped } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import { RecordingStore } from "../support/recording-store.ts";
import { Stage } from "../support/stage.ts";

const NAMES =
  "task flow run unmapped flatten settle fail skip retryAfter pause succeedWith loopWith resource secret startFlowRun waitForFlowRun kv";

const TASK_OPTIONS = {
  retries: 1,
  retryDelay: "1s",
  backoff: 2,
  jitter: 0.1,
  retryOn: Error,
  timeout: "1m",
  holdFor: "1m",
  trigger: "all_successful",
  skipOnUpstreamSkip: true,
  tags: ["a"],
  checkpoint: true,
  result: new RecordingStore(),
  target: "{task}.json",
  cacheFor: "1h",
  cacheKey: "k",
  cacheValidator: "allInputs",
  runName: "one",
  maxConcurrency: 2,
  rerun: "allowed",
  stateHandlers: [],
  onFailure: () => undefined,
} as const satisfies sdk.TaskOptions;

export const SURFACE: readonly Proof[] = [
  {
    rule: "surface.names",
    name: "every name that was promised is exported",
    holds: () => {
      const exported: Readonly<Record<string, unknown>> = sdk;
      expect(NAMES.split(" ").filter((name) => exported[name] === undefined)).toEqual([]);
    },
  },
  {
    rule: "surface.call",
    name: "`t(...)` gives a task run, `t.map(...)` a mapped one; both are promises",
    flow: (stage) => {
      const { one, pass } = cast(stage);
      return flow("f", async () => {
        const [plain, mapped] = [one(), pass.map([1], unmapped(2))];
        return [await plain, await mapped];
      });
    },
    expect: { value: [{ n: 1 }, [[1, 2]]] },
  },
  {
    rule: "surface.with",
    name: "`with` changes one call, and leaves the task as it was",
    flow: (stage) => {
      const { broken } = cast(stage);
      return flow("f", async () => {
        await settle(broken.with({ retries: 1, retryDelay: 0, runName: "once more" })());
        await settle(broken());
      });
    },
    expect: {
      end: "Success",
      states: { broken: "Pending Running Retrying Running Failed", "broken#1": "Pending Running Failed" },
      and: ({ runs }) => expect(runs.get("broken")?.declared?.runName).toBe("once more"),
    },
  },
  {
    rule: "surface.task-options",
    name: "every option of a task that was promised is taken, by the task and by one call",
    flow: () => {
      const one = task("one", TASK_OPTIONS, () => 1);
      return flow(
        "f",
        async () => (await one()) + (await one.with({ ...TASK_OPTIONS, target: "two.json", cacheKey: "2" })()),
      );
    },
    expect: { value: 2 },
  },
  {
    rule: "surface.task-options",
    name: "an option that makes no sense is refused where the task is defined, by name of option and task",
    holds: () => {
      const bad = (options: object) => () => task("t", options as sdk.TaskOptions, () => 1);
      expect(bad({ retries: -1 })).toThrow(/retries.*"t"/);
      expect(bad({ timeout: "soon" })).toThrow(/timeout.*"t"/);
      expect(bad({ trigger: "sometimes" })).toThrow(/trigger.*"t".*all_successful/);
      expect(bad({ cacheFor: "1h", cacheValidator: "maybe" })).toThrow(/cacheValidator.*"t".*allInputs/);
      expect(bad({ cacheKey: "k" })).toThrow(/cacheFor/);
      expect(bad({ cacheValidator: "never" })).toThrow(/cacheFor/);
      expect(bad({ maxConcurrency: 0 })).toThrow(/maxConcurrency.*"t"/);
      expect(bad({ holdFor: -5 })).toThrow(/holdFor.*"t"/);
      expect(bad({ runName: "{nobody}" })).toThrow(/runName.*"t".*nobody/);
    },
  },
  {
    rule: "surface.flow-options",
    name: "every option of a flow that was promised is taken",
    flow: (stage) => {
      const { one } = cast(stage);
      const options = {
        description: "for people",
        labels: ["gpu"],
        result: stage.store,
        referenceTasks: [one],
        stateHandlers: [],
        onFailure: () => undefined,
        onLeaseLost: "stop",
      } as const;
      return flow("f", options, async () => await one());
    },
    expect: { value: { n: 1 } },
  },
  {
    rule: "surface.await",
    name: "`await f(parameters)` gives the value, or throws what made it fail",
    holds: async () => {
      const { broken, pass } = cast(new Stage());
      expect(await flow("f", async ({ a }: { a: number }) => await pass(a))({ a: 5 })).toEqual([5]);
      await expect(flow("f", async () => (await broken()) as unknown)()).rejects.toThrow("broken");
    },
  },
  {
    rule: "surface.run",
    name: "`await f.run(parameters)` tells state, value or failure, and the task runs; it never throws",
    holds: async () => {
      const { one, broken } = cast(new Stage());
      const good = await flow("f", async () => await one()).run();
      expect(good).toMatchObject({ state: "Success", value: { n: 1 }, taskRuns: [{ task: "one", state: "Success" }] });
      const bad = await flow("f", async () => (await broken()) as unknown).run();
      expect(bad).toMatchObject({
        state: "Failed",
        failure: { message: "broken" },
        taskRuns: [{ task: "broken", state: "Failed" }],
      });
    },
  },
  {
    rule: "surface.no-cloud",
    name: "without a cloud retries, skips, maps, loops, triggers and tags follow the same rules",
    holds: async () => {
      const { skipped, pass, broken } = cast(new Stage());
      const looping = task("looping", () => {
        if (run.loop.count < 1) throw sdk.loopWith(1);
        return run.loop.value;
      });
      const { taskRuns } = await flow("f", async () => {
        await settle(broken.with({ retries: 1, retryDelay: 0 })());
        await pass(skipped());
        await pass.with({ tags: ["db"] }).map([1]);
        await pass.with({ trigger: "any_failed", after: [looping()] })();
      }).run();
      const states = taskRuns.map(({ task: name, state }) => `${name} ${state}`);
      expect(states).toEqual([
        "broken Failed",
        "skipped Skipped",
        "pass Skipped",
        "pass Mapped",
        "pass Success",
        "looping Success",
        "pass TriggerFailed",
      ]);
    },
  },
  {
    rule: "surface.no-cloud",
    name: "without a cloud a run that waits for a person is told as Paused",
    holds: async () => {
      const { one } = cast(new Stage());
      const { state } = await flow("f", async () => await one.with({ trigger: "manual_only" })()).run();
      expect(state).toBe("Paused");
    },
  },
  {
    rule: "surface.named-store",
    name: "without a cloud nothing is written unless task or flow names a store",
    holds: async () => {
      const { one, two } = cast(new Stage());
      const [store, ofFlow] = [new RecordingStore(), new RecordingStore()];
      await flow("f", async () => [await one.with({ result: store })(), await two()])();
      await flow("g", { result: ofFlow }, async () => [await one.with({ result: store })(), await two()])();
      expect([store.writes, ofFlow.writes]).toEqual([["one", "one"], ["two"]]);
    },
  },
  {
    rule: "surface.call",
    name: "outside a flow a task is just its function",
    holds: async () => {
      const { one, pass } = cast(new Stage());
      expect(await one()).toEqual({ n: 1 });
      expect(await pass.map([1, 2], unmapped(3))).toEqual([
        [1, 3],
        [2, 3],
      ]);
    },
  },
];
