import { expect } from "vitest";
import { z } from "zod";
import { flow, run, secret, task } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";
import { elsewhere } from "../support/elsewhere.ts";

const falsy = z.object({
  count: z.number().default(0),
  dry: z.boolean().default(false),
  text: z.string().default(""),
});

export const CONTEXT: readonly Proof[] = [
  {
    rule: "context.run",
    name: "a task can ask which run, attempt, try and index it is, for its parameters, its signal and its key",
    flow: () => {
      const look = task("look", (_x: number) => ({
        flowRunId: run.flowRunId,
        attempt: run.attempt,
        tryNumber: run.tryNumber,
        mapIndex: run.mapIndex,
        parameters: run.parameters,
        scheduled: run.scheduledStartTime.getTime(),
        key: run.idempotencyKey,
        aborted: run.signal.aborted,
      }));
      return flow("f", async (_x: { day: string }) => (await look.map([7]))[0]);
    },
    with: { parameters: { day: "mon" } },
    expect: {
      value: {
        flowRunId: "run-1",
        attempt: 1,
        tryNumber: 1,
        mapIndex: 0,
        parameters: { day: "mon" },
        scheduled: 1_000,
        key: "run-1-2",
        aborted: false,
      },
    },
  },
  {
    rule: "context.run",
    name: "the key of a task run is the same in every try and attempt, and another for another task run",
    flow: (stage) => {
      const look = task("look", { retries: 1, retryDelay: 0 }, () => {
        stage.note(run.idempotencyKey);
        if (run.attempt === 1) throw new Error("no");
      });
      return flow("f", async () => {
        await look();
      });
    },
    expect: { end: "Failed", ran: ["run-1-1", "run-1-1"] },
    later: [{ by: "restart", expect: { end: "Success", ran: ["run-1-1"] } }],
  },
  {
    rule: "context.run",
    name: "`run.log` tells a line with its level and its task run",
    flow: () => {
      const talk = task("talk", () => run.log.warn("%d rows", 5));
      return flow("f", async () => {
        await talk();
        run.log.info("over");
      });
    },
    expect: {
      end: "Success",
      and: ({ events }) =>
        expect(events.filter((event) => event.kind === "log")).toMatchObject([
          { level: "warn", text: "5 rows", number: 1 },
          { level: "info", text: "over" },
        ]),
    },
  },
  {
    rule: "context.artifact",
    name: "`run.artifact` tells links, Markdown and tables, with their task run",
    flow: () => {
      const show = task("show", () => {
        run.artifact.link("docs", { url: "https://example.org" });
        run.artifact.markdown("text", "# rows");
        run.artifact.table("rows", [{ a: 1 }]);
      });
      return flow("f", async () => {
        await show();
      });
    },
    expect: {
      end: "Success",
      and: ({ events }) => {
        const kinds = events.flatMap((event) => (event.kind === "artifact" ? [[event.artifact, event.number]] : []));
        expect(kinds).toEqual([
          ["link", 1],
          ["markdown", 1],
          ["table", 1],
        ]);
      },
    },
  },
  {
    rule: "parameters.schema",
    name: "defaults are applied, falsy ones too",
    flow: () => flow("f", { parameters: falsy }, (parameters) => parameters),
    expect: { value: { count: 0, dry: false, text: "" } },
  },
  elsewhere(
    "parameters.schema",
    "the schema and its defaults travel with the registration",
    "packages/sdk/src/inspect/inspect.test.ts",
    /default/,
  ),
  {
    rule: "parameters.checked",
    name: "parameters are checked again on the user's side: none of the flow's code runs with bad ones",
    flow: (stage) => {
      const { one } = cast(stage);
      return flow("f", { parameters: falsy }, async () => await one());
    },
    with: { parameters: { count: "many" } },
    expect: { end: "ValidationFailed", ran: [], says: { "": /PARAMETERS_INVALID/ } },
  },
  elsewhere(
    "parameters.checked",
    "parameters are checked when the run is created",
    "apps/cloud-api/src/flow-runs/create-flow-run.test.ts",
    /PARAMETERS_INVALID/,
  ),
  {
    rule: "parameters.sentences",
    name: "bad parameters: a sentence for each field",
    flow: () => flow("f", { parameters: falsy }, () => 1),
    with: { parameters: { count: "many", dry: 3 } },
    expect: { end: "ValidationFailed", says: { "": /count.*dry/ } },
  },
  {
    rule: "secrets.here",
    name: "a secret is resolved where the flow runs, and no event carries its value",
    flow: () => {
      process.env["CONFORMANCE_SECRET"] = "hunter2-hunter2";
      const use = task("use", async () => (await secret("CONFORMANCE_SECRET")).length);
      return flow("f", async () => await use());
    },
    expect: { value: 15, and: ({ events }) => expect(JSON.stringify(events)).not.toContain("hunter2") },
  },
  {
    rule: "secrets.redacted",
    name: "its value is registered with the gate's redactor before the task gets it",
    flow: (stage) => {
      process.env["CONFORMANCE_SECRET"] = "hunter2-hunter2";
      const use = task("use", async () => {
        await secret("CONFORMANCE_SECRET");
        stage.note(stage.secrets.join());
      });
      return flow("f", async () => await use());
    },
    expect: { end: "Success", ran: ["hunter2-hunter2"] },
  },
  {
    rule: "executors.chosen",
    name: "an executor is chosen in code, for a task or a flow: the task's goes before the flow's",
    flow: (stage) => {
      const { one, two } = cast(stage);
      const executor = (kind: string) => ({
        kind,
        run: async ({
          fn,
          inputs,
          task: name,
        }: {
          fn: (...inputs: unknown[]) => unknown;
          inputs: readonly unknown[];
          task: string;
        }) => {
          stage.note(`${kind} ${name}`);
          return await fn(...inputs);
        },
        close: async () => stage.note(`${kind} closed`),
      });
      return flow("f", { executor: executor("of-flow") }, async () => {
        await one.with({ executor: executor("of-task") })();
        await two();
      });
    },
    expect: {
      end: "Success",
      ran: ["of-task one", "one", "of-flow two", "two", "of-task closed", "of-flow closed"],
    },
  },
  elsewhere("executors.provided", "`concurrent`", "packages/sdk/src/executors/concurrent.test.ts", /describeExecutor/),
  elsewhere(
    "executors.provided",
    "`threads`",
    "packages/sdk/src/executors/threads/threads.test.ts",
    /describeExecutor/,
  ),
  elsewhere("executors.provided", "`bullmq`", "packages/sdk/src/executors/bullmq/bullmq.test.ts", /describeExecutor/),
];
