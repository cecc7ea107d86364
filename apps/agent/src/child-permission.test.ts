import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startAgent } from "./agent.ts";
import { AGENT_DEFAULTS, type AgentConfig } from "./config.ts";
import { eventually } from "./testing/eventually.ts";
import { type RealStage, setRealStage } from "./testing/real-stage.ts";
import { memoryLog } from "./testing/start.ts";

const FLOWS = `
import { readFileSync, writeFileSync } from "node:fs";
import { flow, task } from "@weir/sdk";
import { addition } from "./addition.ts";

const add = task("add", (given: number) => {
  writeFileSync(process.env["TMPDIR"] + "/note", "mine");
  return addition(given);
});
export const adds = flow("adds", async ({ given }: { given: number }) => {
  if ((await add(given)) !== given + 1) throw new Error("wrong sum");
});
export const reads = flow("reads", ({ path }: { path: string }) => readFileSync(path, "utf8"));
export const writes = flow("writes", ({ path }: { path: string }) => writeFileSync(path, ""));
export const connects = flow("connects", async ({ url }: { url: string }) => (await fetch(url)).status);
export const runs = flow("runs", async () => (await import("node:child_process")).execFileSync("true"));
`;
const ADDITION = "export const addition = (given: number): number => given + 1;\n";

interface End {
  readonly state: string;
  readonly failure: { readonly message: string; readonly cause?: { readonly message: string } } | null;
}
const END = `query ($id: ID!) { flowRun(id: $id) { state failure logs(first: 50) { edges { node { logger text } } } } }`;

/** A real cloud and a real agent whose directory and key lie below the flow's own directory, as they do unless somebody says otherwise. */
async function setRestricted(permission: AgentConfig["childPermission"]) {
  const stage = await setRealStage({ "flows.ts": FLOWS, "addition.ts": ADDITION });
  const keyFile = join(stage.folder, "key");
  writeFileSync(keyFile, stage.cloud.agentKey, { mode: 0o600 });
  const config = {
    ...AGENT_DEFAULTS,
    apiUrl: stage.cloud.url,
    key: stage.cloud.agentKey,
    keyFile,
    name: "restricted",
    labels: [],
    projects: null,
    directory: join(stage.folder, ".weir/agent"),
    resultsDirectory: join(stage.folder, ".weir/results"),
    healthAddress: null,
    drainSeconds: 0,
    flowEnvironment: {},
    childPermission: permission,
  };
  const agent = await startAgent(config, { log: memoryLog(), runner: { graceMs: 500 } });
  onTestFinished(() => agent.stop("now"));
  return { stage, keyFile, directory: config.directory };
}

async function endOf(stage: RealStage, flow: string, parameters: object) {
  const id = await stage.startRun("flows.ts", flow, parameters);
  const look = async () => (await stage.ask<{ flowRun: End }>(END, { id })).flowRun;
  await eventually("the end", async () => ["Success", "Failed", "Crashed"].includes((await look()).state), 30_000);
  const end = await look();
  return { ...end, said: JSON.stringify(end.failure) };
}

test("a flow does its work under the permission model, and what it was not granted is its failure", async () => {
  const { stage, keyFile, directory } = await setRestricted({ features: [], read: [], write: [] });
  // Twice: the second one finds a process that was started in advance, or stayed.
  for (let i = 0; i < 2; i += 1)
    expect(await endOf(stage, "adds", { given: i })).toMatchObject({ state: "Success", failure: null });
  const refused = async (flow: string, parameters: object, way: string): Promise<void> => {
    const { state, said } = await endOf(stage, flow, parameters);
    expect(state).toBe("Failed");
    expect(said).toContain(`Access to this API has been restricted. Use --allow-${way}`);
  };
  await refused("reads", { path: "/etc/hostname" }, "fs-read");
  await refused("reads", { path: keyFile }, "fs-read");
  await refused("reads", { path: join(directory, "journal.db") }, "fs-read");
  await refused("writes", { path: join(stage.folder, "flows.ts") }, "fs-write");
  await refused("runs", {}, "child-process");
  await refused("connects", { url: stage.cloud.url }, "net");
});

test("what is granted works, and Node's remarks about it are not in the run's log", async () => {
  const { stage } = await setRestricted({ features: ["net", "child-process"], read: ["/etc/hostname"], write: [] });
  expect(await endOf(stage, "reads", { path: "/etc/hostname" })).toMatchObject({ state: "Success" });
  expect(await endOf(stage, "runs", {})).toMatchObject({ state: "Success" });
  const end = await endOf(stage, "connects", { url: `${stage.cloud.url}/livez` });
  expect(end).toMatchObject({ state: "Success", logs: { edges: [] } });
});
