import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startAgent } from "./agent.ts";
import { AGENT_DEFAULTS } from "./config.ts";
import { eventually } from "./testing/eventually.ts";
import { type RealStage, setRealStage } from "./testing/real-stage.ts";
import { memoryLog, temporaryDirectory } from "./testing/start.ts";

// What flows ask of the cloud, and what the cloud orders them: real cloud, real agent, real processes.

const FLOWS = `
import { appendFileSync, existsSync } from "node:fs";
import { flow, manualOnly, run, startFlowRun, task, waitForFlowRun } from "@weir/sdk";

const note = (file: string, text: string) => appendFileSync(file, text + "\\n");
const until = async (file: string) => {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
};

const alone = task("alone", { tags: ["one-at-a-time"] }, async (file: string) => {
  note(file, "in");
  await new Promise((resolve) => setTimeout(resolve, 100));
  note(file, "out");
});
export const limited = flow("limited", async ({ file }: { file: string }) => {
  await Promise.all([alone(file), alone(file)]);
});

const before = task("before", (file: string) => note(file, "before"));
const gate = task("gate", { trigger: manualOnly }, (file: string) => note(file, "approved"));
export const approval = flow("approval", async ({ file }: { file: string }) => {
  await before(file);
  await gate(file);
});

const first = task("first", async (file: string) => { note(file, "first"); await until(file + ".open"); });
const second = task("second", (file: string) => note(file, "second"));
export const pausable = flow("pausable", async ({ file }: { file: string }) => {
  await first(file);
  await second(file);
});

export const parent = flow("parent", async ({ file }: { file: string }) => {
  const id = await startFlowRun("limited", { parameters: { file } });
  const { state } = await waitForFlowRun(id);
  note(file, state);
});
`;

async function begin() {
  const stage = await setRealStage({ "flows.ts": FLOWS });
  const log = memoryLog();
  const { url: apiUrl, agentKey: key } = stage.cloud;
  const own = { apiUrl, key, name: "only", directory: await temporaryDirectory(), drainSeconds: 0 };
  const nothing = { labels: [], projects: null, healthAddress: null, flowEnvironment: {} };
  const resultsDirectory = join(stage.folder, "results");
  const config = { ...AGENT_DEFAULTS, ...nothing, ...own, resultsDirectory };
  const agent = await startAgent(config, { log, runner: { graceMs: 500 } });
  onTestFinished(() => agent.stop("now"));
  const file = (name: string): string => join(stage.folder, name);
  const start = (flow: string, name = flow): Promise<string> => stage.startRun("flows.ts", flow, { file: file(name) });
  const notes = (name: string): string[] =>
    existsSync(file(name)) ? readFileSync(file(name), "utf8").trimEnd().split("\n") : [];
  return { stage, start, notes, file };
}

async function reaches(stage: RealStage, id: string, state: string): Promise<void> {
  await eventually(state, async () => (await stage.stateOf(id)).state === state, 30_000);
}

test("task runs of one limited tag run one at a time, across runs; another run is started and waited for", async () => {
  const { stage, start, notes } = await begin();
  await stage.ask(`mutation { setTaskLimit(input: { tag: "one-at-a-time", slots: 1 }) { __typename } }`, {});
  const ids = [await start("limited", "shared"), await start("limited", "shared"), await start("parent", "shared")];
  for (const id of ids) await reaches(stage, id, "Success");
  const told = notes("shared");
  expect(told.filter((line) => line === "Success")).toHaveLength(1);
  const turns = told.filter((line) => line !== "Success");
  expect(turns).toEqual(Array.from({ length: 6 }, () => ["in", "out"]).flat());
});

test("a run that waits for approval gives its lease back and goes on when it is approved; so does one that a person paused", async () => {
  const { stage, start, notes, file } = await begin();
  const waits = await start("approval");
  await reaches(stage, waits, "Paused");
  expect(notes("approval")).toEqual(["before"]);
  await stage.ask(`mutation ($id: ID!) { approveTaskRun(input: { flowRunId: $id, number: 2 }) { __typename } }`, {
    id: waits,
  });
  const paused = await start("pausable");
  await eventually("its first task", () => notes("pausable").length > 0, 30_000);
  await stage.ask(`mutation ($id: ID!) { pauseFlowRun(id: $id) { __typename } }`, { id: paused });
  // The order comes with the agent's long-poll; the task that runs is let finish.
  await new Promise((later) => setTimeout(later, 1_500));
  await writeFile(`${file("pausable")}.open`, "");
  await reaches(stage, paused, "Paused");
  expect(notes("pausable")).toEqual(["first"]);
  await stage.ask(`mutation ($id: ID!) { resumeFlowRun(id: $id) { __typename } }`, { id: paused });
  await reaches(stage, paused, "Success");
  await reaches(stage, waits, "Success");
  expect([notes("approval"), notes("pausable")]).toEqual([
    ["before", "approved"],
    ["first", "second"],
  ]);
});
