import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { makeProject, removeProject, startWeir, weir, written } from "../testing/weir.ts";
import { redisUrl } from "./start-worker.ts";

const PASSWORD = "hush-hush-password";
const TASKS = 'import { task } from "@weir/sdk";\nexport const double = task("double", (n: number) => 2 * n);\n';

/** A program that hands its tasks to workers, and ends. */
const FLOW = `
import { readFileSync } from "node:fs";
import { flow, run, task } from "@weir/sdk";
import { bullmq } from "@weir/sdk/executors";

const farm = bullmq({ connection: () => readFileSync("redis-url", "utf8").trim(), queue: "farm" });
const square = task("square", { executor: farm }, (n: number) => {
  run.log.info("squared " + n);
  return { square: BigInt(n) ** 2n, pid: process.pid };
});
export const squares = flow("squares", async () => await square.map([1, 2, 3]));

if (import.meta.main) {
  const all = await squares();
  console.log("squares", all.map(({ square }) => square).join(" "), all.every(({ pid }) => pid !== process.pid));
}
`;

let project = "";
let server: ChildProcess;
let url = "";

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

beforeAll(async () => {
  const port = await freePort();
  url = `redis://:${PASSWORD}@127.0.0.1:${port}`;
  server = spawn("redis-server", ["-"], { stdio: ["pipe", "pipe", "ignore"] });
  const missing = once(server, "error").then(([error]: Error[]) => {
    throw new Error(`redis-server cannot be started (${error?.message}). Install it: apt-get install redis-server`);
  });
  await Promise.race([once(server, "spawn"), missing]);
  server.stdin?.end(`bind 127.0.0.1\nport ${port}\nsave ""\nappendonly no\nrequirepass ${PASSWORD}\n`);
  let log = "";
  server.stdout?.on("data", (piece: Buffer) => (log += piece.toString()));
  await eventually(() => log.includes("Ready to accept connections"), { timeoutMs: 20_000 });
  const broken = 'throw new Error("no");\n';
  project = await makeProject({ "tasks.ts": TASKS, "squares.ts": FLOW, "redis-url": `${url}\n`, "broken.ts": broken });
});

afterAll(async () => {
  server.kill("SIGKILL");
  await removeProject(project);
});

test("takes tasks until it is told to end, and no process shows the password", async () => {
  const args = ["worker", "--redis-file", "redis-url", "--file", "tasks.ts", "--queue", "mine", "--json"];
  const running = startWeir(args, { cwd: project });
  onTestFinished(() => void running.child.kill("SIGKILL"));
  await written(running, "}");
  expect(JSON.parse(running.seen.out)).toEqual({ queue: "mine", tasks: ["double"] });
  const pid = running.child.pid ?? 0;
  const [worker = ""] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  expect(worker).not.toBe("");
  for (const file of [`${pid}/cmdline`, `${worker}/cmdline`, `${worker}/environ`])
    expect(readFileSync(join("/proc", file), "latin1")).not.toContain(PASSWORD);
  running.child.kill("SIGTERM");
  const { code, out, err } = await running.ended;
  expect(code).toBe(0);
  expect(err).toContain("takes tasks of the queue mine of Redis at 127.0.0.1");
  expect(out + err).not.toContain(PASSWORD);
});

test("a program's tasks run in the worker, and the program ends by itself", async () => {
  const env = { WEIR_REDIS_URL_FILE: "redis-url" };
  const running = startWeir(["worker", "--file", "squares.ts", "--queue", "farm", "--json"], { cwd: project, env });
  onTestFinished(() => void running.child.kill("SIGKILL"));
  await written(running, "}");
  const { stdout } = await promisify(execFile)(process.execPath, ["squares.ts"], { cwd: project });
  expect(stdout).toContain("info  squared 3");
  expect(stdout).toContain("squares 1 4 9 true");
});

test.for([
  [["--file", "gone.ts"], /There is no file .*gone\.ts\. Give the path of a file that defines tasks\./],
  [["--file", "broken.ts"], /broken\.ts does not load\. Error: no \(.*broken\.ts:1:7\)/],
  [["--file", "tasks.ts", "--queue", "a:b"], /The queue \\"a:b\\" cannot be named so/],
  [["--file", "tasks.ts", "--redis", "http://x"], /The URL of Redis must look like redis:/],
] as const)("%j is told and is exit code 2", async ([args, sentence]) => {
  const { code, err } = await weir(["worker", "--redis", "redis://127.0.0.1:1", ...args], { cwd: project });
  expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
});

test("a Redis that lets nobody in is told, without the password", async () => {
  const env = { WEIR_REDIS_URL: url.replace(PASSWORD, "another-password") };
  const { code, out, err } = await weir(["worker", "--file", "tasks.ts"], { cwd: project, env });
  expect(code).toBe(2);
  expect(err).toContain("cannot be used: WRONGPASS");
  expect(out + err).not.toContain("another-password");
});

test("where Redis is: the option, a file, the environment; a password is refused as an argument", () => {
  const io = { cwd: project, env: { WEIR_REDIS_URL: "redis://environment" } };
  expect(redisUrl(io, { redis: "redis://option" })).toBe("redis://option");
  expect(redisUrl(io, { redisFile: "redis-url" })).toBe(url);
  expect(redisUrl(io, {})).toBe("redis://environment");
  expect(redisUrl({ ...io, env: { WEIR_REDIS_URL_FILE: "redis-url" } }, {})).toBe(url);
  expect(() => redisUrl(io, { redis: url })).toThrow("--redis holds a password");
  expect(() => redisUrl(io, { redisFile: "gone" })).toThrow(/gone with the URL of Redis cannot be read \(ENOENT\)/);
  expect(() => redisUrl({ ...io, env: {} }, {})).toThrow("It is not said where Redis is.");
});
