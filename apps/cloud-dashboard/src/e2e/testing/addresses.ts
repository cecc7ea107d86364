import { eventually } from "@weir/testing";
import type { Stage } from "./stage.ts";

/** The addresses of all pages, each with something to show: what they are called in screenshots, and where they are. */
export type Addresses = ReadonlyMap<string, string>;

interface StartedRun {
  readonly flowRun: { readonly id: string; readonly state: string };
}

/** Registers a file's flow and runs it to its end. */
async function runFlow(stage: Stage, args: readonly string[]): Promise<string> {
  const { flowRun } = await stage.json<StartedRun>(["run", ...args]).catch((error: unknown) => {
    // A run that failed ends the command with 1 too, and tells its document all the same.
    const document = /\{[\s\S]*\}/.exec(String(error))?.[0];
    if (document === undefined) throw error;
    return JSON.parse(document) as StartedRun;
  });
  return flowRun.id;
}

/** Runs flows that succeed, fail, wait for a person and go on; writes values, limits and keys; and tells the address of every page. */
export async function furnish(stage: Stage): Promise<Addresses> {
  stage.startAgent("box");
  const done = await runFlow(stage, ["report.flow.ts"]);
  const again = await runFlow(stage, ["nightly-report", "-p", "region=us"]);
  const failed = await runFlow(stage, ["nightly-report", "-p", "fails=true"]);
  const { flowRun: paused } = await stage.json<StartedRun>(["run", "approval.flow.ts", "--no-watch"]);
  await stage.json<StartedRun>(["run", "endless.flow.ts", "--no-watch", "--label", "nobody-has-this"]);
  await stage.weir(["kv", "set", "region", '"eu"']);
  await stage.weir(["limits", "set", "database", "2"]);
  await eventually(async () => (await stateOf(stage, paused.id)) === "Paused");
  const { flow } = await stage.ask<{ flow: { id: string } }>(
    '{ flow(project: "default", name: "nightly-report") { id } }',
  );
  return new Map([
    ["overview", "/"],
    ["runs", "/runs"],
    ["run-succeeded", `/runs/${done}`],
    ["run-failed", `/runs/${failed}`],
    ["run-paused", `/runs/${paused.id}`],
    ["run-logs", `/runs/${done}/logs`],
    ["task-run", `/runs/${done}/tasks/1`],
    ["compare", `/runs/${again}/compare/${done}`],
    ["flows", "/flows"],
    ["flow", `/flows/${flow.id}`],
    ["flow-start", `/flows/${flow.id}/run`],
    ["flow-version", `/flows/${flow.id}/versions/1`],
    ["agents", "/agents"],
    ["agents-enrol", "/agents/enrol"],
    ...["limits", "kv", "keys", "members", "audit", "settings", "holdings", "browser-keys", "graphiql"].map(
      (name) => [name, `/${name}`] as const,
    ),
  ]);
}

/** The state of a run. */
export async function stateOf(stage: Stage, id: string): Promise<string> {
  const { flowRun } = await stage.ask<{ flowRun: { state: string } }>(
    "query ($id: ID!) { flowRun(id: $id) { state } }",
    {
      id,
    },
  );
  return flowRun.state;
}
