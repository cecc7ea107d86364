import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startAgent } from "./agent.ts";
import { AGENT_DEFAULTS } from "./config.ts";
import { eventually } from "./testing/eventually.ts";
import { type RealStage, setRealStage } from "./testing/real-stage.ts";
import { memoryLog, temporaryDirectory } from "./testing/start.ts";

// The agent as it is, between a real cloud and real flows.

const GATE = `
import { existsSync, writeFileSync } from "node:fs";
import { flow, run, task } from "@weir/sdk";

const first = task("first", (marker: string) => writeFileSync(marker + ".begun", ""));
const wait = task("wait", async (marker: string) => {
  while (!existsSync(marker)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    run.signal.throwIfAborted();
  }
});
export default flow("gate", async ({ marker }: { marker: string }) => {
  await first(marker);
  await wait(marker);
});
`;

async function startRealAgent(stage: RealStage, name: string) {
  const log = memoryLog();
  const directory = await temporaryDirectory();
  const resultsDirectory = join(stage.folder, "results");
  const { url: apiUrl, agentKey: key } = stage.cloud;
  const own = { apiUrl, key, name, directory, resultsDirectory, warmChildren: 0, drainSeconds: 0 };
  const nothing = { labels: [], projects: null, healthAddress: null, flowEnvironment: {} };
  const agent = await startAgent({ ...AGENT_DEFAULTS, ...nothing, ...own }, { log, runner: { graceMs: 500 } });
  onTestFinished(() => agent.stop("now"));
  return agent;
}

const STATES = `query ($id: ID!) { flowRun(id: $id) { agent { name } states { attempt state message } taskRuns { edges { node { task attempt state } } } } }`;

interface Told {
  readonly flowRun: {
    readonly agent: { readonly name: string };
    readonly states: readonly { readonly attempt: number; readonly state: string; readonly message: string | null }[];
    readonly taskRuns: {
      readonly edges: readonly { readonly node: { task: string; attempt: number; state: string } }[];
    };
  };
}

test("an agent that stops gives its run back at once, and another finishes it without running twice what was done", async () => {
  const stage = await setRealStage({ "gate.ts": GATE });
  const first = await startRealAgent(stage, "first");
  const marker = join(stage.folder, "open");
  const id = await stage.startRun("gate.ts", "gate", { marker });
  await eventually("the first task", () => existsSync(`${marker}.begun`), 30_000);
  await eventually(
    "the second task",
    async () => (await stage.ask<Told>(STATES, { id })).flowRun.taskRuns.edges.length === 2,
  );
  await first.stop();
  await startRealAgent(stage, "second");
  await writeFile(marker, "");
  await eventually("the end", async () => (await stage.stateOf(id)).state === "Success", 30_000);
  const { flowRun } = await stage.ask<Told>(STATES, { id });
  expect(flowRun.agent.name).toBe("second");
  const history = flowRun.states.map(({ attempt, state }) => `${attempt} ${state}`);
  expect(history.slice(0, 4)).toEqual(["0 Scheduled", "1 Submitted", "1 Running", "1 Scheduled"]);
  expect(history.slice(4)).toEqual(["2 Submitted", "2 Running", "2 Success"]);
  expect(flowRun.taskRuns.edges.map(({ node }) => node)).toEqual([
    { task: "first", attempt: 1, state: "Success" },
    { task: "wait", attempt: 2, state: "Success" },
  ]);
});

test("a cancel reaches the flow through the agent's long-poll, long before its next report is due", async () => {
  const stage = await setRealStage({ "gate.ts": GATE }, { reportSeconds: 20 });
  await startRealAgent(stage, "only");
  const marker = join(stage.folder, "never");
  const id = await stage.startRun("gate.ts", "gate", { marker });
  await eventually("the first task", () => existsSync(`${marker}.begun`), 30_000);
  await stage.ask(`mutation ($id: ID!) { cancelFlowRun(id: $id) { __typename } }`, { id });
  await eventually("the end", async () => (await stage.stateOf(id)).state === "Cancelled", 10_000);
});
