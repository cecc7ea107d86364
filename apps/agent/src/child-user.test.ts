import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startAgent } from "./agent.ts";
import { AGENT_DEFAULTS, type AgentConfig } from "./config.ts";
import { eventually } from "./testing/eventually.ts";
import { type RealStage, setRealStage } from "./testing/real-stage.ts";
import { memoryLog, temporaryDirectory } from "./testing/start.ts";

const NOBODY = 65_534;

// Since 2026-11-21, and for as long as it is so: only root may start processes of another user, so that others cannot see any of this.
const asRoot = test.skipIf(process.getuid?.() !== 0);

const FLOWS = `
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { flow, task } from "@weir/sdk";

const tried = (path: string): string => {
  try {
    return "read " + readFileSync(path).length;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "?";
  }
};
const killed = (pid: number): string => {
  try {
    return String(process.kill(pid, 0));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "?";
  }
};

const look = task("look", (paths: string[], agent: number) => {
  writeFileSync(process.env["HOME"] + "/mine", "");
  return {
    ids: readFileSync("/proc/self/status", "utf8").match(/^(Uid|Gid|Groups|CapEff):.*$/gm),
    paths: paths.map(tried),
    agent: killed(agent),
    home: process.env["HOME"],
    temporary: process.env["TMPDIR"],
    user: process.env["USER"] ?? null,
  };
});
export const looks = flow("looks", ({ paths, agent }: { paths: string[]; agent: number }) => look(paths, agent));

export const waits = flow("waits", async ({ marker }: { marker: string }) => {
  const other = spawn("sleep", ["600"], { stdio: "ignore" });
  console.log("pids", process.pid, other.pid, process.getuid?.(), marker);
  process.on("SIGTERM", () => {});
  await new Promise((done) => setTimeout(done, 600_000));
});
`;

async function setApart() {
  const stage = await setRealStage({ "flows.ts": FLOWS });
  chmodSync(stage.folder, 0o755);
  const own = await temporaryDirectory();
  chmodSync(own, 0o755);
  const hmacKeyFile = join(own, "hmac");
  writeFileSync(hmacKeyFile, Buffer.alloc(32, 7).toString("base64url"), { mode: 0o600 });
  const config: AgentConfig = {
    ...AGENT_DEFAULTS,
    apiUrl: stage.cloud.url,
    key: stage.cloud.agentKey,
    name: "apart",
    labels: [],
    projects: null,
    directory: join(own, "agent"),
    resultsDirectory: join(own, "results"),
    healthAddress: null,
    drainSeconds: 0,
    flowEnvironment: {},
    hmacKeyFile,
    childUser: `${NOBODY}:${NOBODY}`,
  };
  return { stage, own, config };
}

async function start(config: AgentConfig): Promise<readonly string[]> {
  const log = memoryLog();
  const agent = await startAgent(config, { log, runner: { graceMs: 500 } });
  onTestFinished(() => agent.stop("now"));
  return log.lines;
}

const END = `query ($id: ID!) { flowRun(id: $id) { state failure } }`;
async function succeeded(stage: RealStage, id: string): Promise<void> {
  const look = async () => (await stage.ask<{ flowRun: { state: string; failure: unknown } }>(END, { id })).flowRun;
  await eventually("the end", async () => ["Success", "Failed", "Crashed"].includes((await look()).state), 60_000);
  expect(await look()).toEqual({ state: "Success", failure: null });
}

/** All that the results directory holds, each file with what stands in it. */
function resultsOf(directory: string): readonly { readonly uid: number; readonly value: unknown }[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ uid: statSync(path).uid, value: JSON.parse(readFileSync(path, "utf8")) as unknown }));
}

asRoot(
  "flows run as another user, who reaches nothing of the agent's; their results are stored and can be read",
  async () => {
    const { stage, own, config } = await setApart();
    await start(config);
    const proc = `/proc/${process.pid}`;
    const paths = [config.hmacKeyFile ?? "", join(config.directory, "journal.db"), `${proc}/environ`, `${proc}/mem`];
    for (let i = 0; i < 2; i += 1)
      await succeeded(stage, await stage.startRun("flows.ts", "looks", { paths, agent: process.pid }));
    const [found] = resultsOf(config.resultsDirectory);
    const scratch = expect.stringContaining(join(own, "agent.children/child-")) as string;
    expect(found).toEqual({
      uid: NOBODY,
      value: {
        ids: [
          "Uid:\t65534\t65534\t65534\t65534",
          "Gid:\t65534\t65534\t65534\t65534",
          expect.stringMatching(/^Groups:\s*$/),
          "CapEff:\t0000000000000000",
        ],
        paths: ["EACCES", "EACCES", "EACCES", "EACCES"],
        agent: "EPERM",
        home: scratch,
        temporary: scratch,
        user: null,
      },
    });
    // Their compiled code outlives them, and was of use.
    expect(readdirSync(join(own, "agent.children", "compiled-65534")).length).toBeGreaterThan(0);
    expect(statSync(join(own, "agent.children")).uid).toBe(0);
  },
);

const LOGS = `query ($id: ID!) { flowRun(id: $id) { state logs(first: 20) { edges { node { text } } } } }`;

asRoot("a run that is cancelled ends, with the processes that it has started, and its folder is removed", async () => {
  const { stage, own, config } = await setApart();
  await start(config);
  const id = await stage.startRun("flows.ts", "waits", { marker: "here" });
  interface Logs {
    readonly flowRun: { readonly logs: { readonly edges: readonly { readonly node: { readonly text: string } }[] } };
  }
  const [, child, other, uid] = await eventually(
    "its processes",
    async () => {
      const { flowRun } = await stage.ask<Logs>(LOGS, { id });
      return flowRun.logs.edges
        .map(({ node }) => /pids (\d+) (\d+) (\d+) here/.exec(node.text))
        .find((found) => found !== null);
    },
    30_000,
  );
  expect(uid).toBe(String(NOBODY));
  const pids = [Number(child), Number(other)];
  expect(pids.map((pid) => statSync(`/proc/${pid}`).uid)).toEqual([NOBODY, NOBODY]);
  await stage.ask(`mutation ($id: ID!) { cancelFlowRun(id: $id) { __typename } }`, { id });
  await eventually("the end", async () => (await stage.stateOf(id)).state === "Cancelled", 30_000);
  await eventually("the end of its processes", () => !pids.some(isRunning));
  const folders = (): string[] => readdirSync(join(own, "agent.children")).filter((name) => name.startsWith("child-"));
  // One child is warm.
  await eventually("the end of its folder", () => folders().length <= 1);
});

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

async function refusal(config: AgentConfig): Promise<unknown> {
  return await startAgent(config, { log: memoryLog() }).then(
    (agent) => agent.stop("now"),
    (error: unknown) => error,
  );
}

asRoot("flows cannot run as root, and the agent says so before it claims anything", async () => {
  const { config } = await setApart();
  const error = await refusal({ ...config, childUser: "root" });
  expect(error).toMatchObject({ name: "AgentError", exitCode: 2 });
  expect(String(error)).toContain("WEIR_AGENT_CHILD_USER cannot be used. Flows cannot run as root: that is root");
});

asRoot("a key that the flows' user can read is told at the start, and so is a place that it cannot reach", async () => {
  const { own, config } = await setApart();
  const message = async () => String(await refusal(config));
  chmodSync(config.hmacKeyFile ?? "", 0o604);
  // Readers of such a file refuse it on their own; here it is one that nothing reads.
  expect(String(await refusal({ ...config, hmacKeyFile: null, keyFile: config.hmacKeyFile }))).toContain(
    `that user can reach ${config.hmacKeyFile}. Take the right away`,
  );
  chmodSync(config.hmacKeyFile ?? "", 0o600);
  chmodSync(config.directory, 0o711);
  expect(await message()).toContain(`that user can reach ${config.directory}. Take`);
  chmodSync(config.directory, 0o700);
  chownSync(config.resultsDirectory, 0, 0);
  expect(await message()).toContain(`that user cannot write to ${config.resultsDirectory}. Give it the directory`);
  chmodSync(own, 0o700);
  expect(await message()).toContain(`that user cannot enter ${own}. Let it`);
});
