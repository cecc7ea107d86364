import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "./testing/eventually.ts";
import { type FakeCloud, startFakeCloud } from "./testing/fake-cloud.ts";
import { temporaryDirectory } from "./testing/start.ts";

const MAIN = join(import.meta.dirname, "main.ts");

async function environmentFor(cloud: FakeCloud, given: Record<string, string> = {}): Promise<NodeJS.ProcessEnv> {
  const directory = await temporaryDirectory();
  return {
    PATH: process.env.PATH,
    WEIR_API_URL: cloud.url,
    WEIR_AGENT_KEY: cloud.key,
    WEIR_AGENT_NAME: "box",
    WEIR_AGENT_DIRECTORY: join(directory, "agent"),
    WEIR_AGENT_RESULTS_DIRECTORY: join(directory, "results"),
    WEIR_AGENT_WARM_CHILDREN: "0",
    ...given,
  };
}

/** Starts the agent's process; collects its log. */
async function startProcess(cloud: FakeCloud, given: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN], {
    env: await environmentFor(cloud, given),
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const log = { text: "" };
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (log.text += piece));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, log: log.text }));
  return { child, log, ended };
}

test("SIGTERM ends an agent with exit code 0, and its log is JSON on stderr", async () => {
  const cloud = await startFakeCloud();
  const { child, ended } = await startProcess(cloud);
  await eventually("a held poll", () => cloud.held === 1);
  child.kill("SIGTERM");
  const { code, log } = await ended;
  expect(code).toBe(0);
  const lines = log
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { msg: string });
  expect(lines.map(({ msg }) => msg)).toEqual(["The agent box waits for work.", "The agent has stopped."]);
  expect(log).not.toContain(cloud.key);
});

test("a wrong key is a sentence and exit code 3, without a retry", async () => {
  const cloud = await startFakeCloud();
  const { ended } = await startProcess(cloud, { WEIR_AGENT_KEY: "weir_a_wrong" });
  const { code, log } = await ended;
  expect(code).toBe(3);
  expect(log).toMatch(/UNAUTHENTICATED\. The agent ends here/);
  expect(log).not.toContain("weir_a_wrong");
  expect(cloud.enrolments).toHaveLength(1);
});

test("a variable that cannot be used is a sentence and exit code 2", async () => {
  const cloud = await startFakeCloud();
  const { ended } = await startProcess(cloud, { WEIR_AGENT_CAPACITY: "-1" });
  const { code, log } = await ended;
  expect(code).toBe(2);
  expect(log).toContain("WEIR_AGENT_CAPACITY");
  expect(log).not.toContain("at ");
});

test("an agent that waits for its cloud ends at the first signal", async () => {
  const cloud = await startFakeCloud();
  const { child, log, ended } = await startProcess(cloud, { WEIR_API_URL: "http://127.0.0.1:1" });
  await eventually("the warning", () => log.text.includes("keeps trying"));
  child.kill("SIGINT");
  expect((await ended).code).toBe(0);
});

test("an agent ends with the process that forked it", async () => {
  const cloud = await startFakeCloud();
  const child = fork(MAIN, [], { env: await environmentFor(cloud), stdio: ["ignore", "ignore", "ignore", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [told] = (await once(child, "message")) as [{ kind: string; agentId: string }];
  expect(told).toEqual({ kind: "enrolled", agentId: cloud.agentId });
  const exited = once(child, "exit");
  child.disconnect();
  expect(await exited).toEqual([0, null]);
});
