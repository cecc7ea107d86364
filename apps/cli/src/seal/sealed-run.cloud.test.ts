import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { startTestCloud, type TestCloud } from "@weir/testing/cloud";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "@weir/testing";
import { makeProject, removeProject, type RunningWeir, startWeir, weir } from "../testing/weir.ts";

// A policy that seals everything, two agents that share the inside key, and a reader: what runs do, they do sealed too.

const FLOW = `
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";

const fares = task("fares", { cacheFor: "1h", cacheValidator: "allInputs" }, (day: string) => {
  appendFileSync("effects", "fares\\n");
  return { day, note: "canary-result" };
});
const flaky = task("flaky", { retries: 2, retryDelay: 0.01, runName: "canary-name" }, (fares: { day: string }) => {
  appendFileSync("effects", "flaky\\n");
  if (run.tryNumber === 1) throw new Error("canary-failure of " + fares.day);
  run.log.info("canary-log " + fares.day);
  run.artifact.markdown("report", "# canary-artifact");
  return fares.day;
});
const wait = task("wait", async (day: string) => {
  while (!existsSync("gate")) await new Promise((resolve) => setTimeout(resolve, 20));
  return day;
});
const last = task("last", (day: string) => {
  if (readFileSync("gate", "utf8") === "fail") throw new Error("canary-end");
  return day;
});

export default flow("sealed", { parameters: z.object({ day: z.string(), top: z.number().default(7) }) }, async ({ day, top }) => {
  run.log.info("canary-top " + top);
  return await last(await wait(await flaky(await fares(day))));
});
`;
const POLICY = `
version: 1
classes: { parameter: seal, log: seal, exception: seal, location: seal, run-name: seal, artifact: seal, config: seal }
seal: { recipients: [{ name: ada, file: ada.pub.json }] }
`;
const DAY = "day=canary-parameter";
/** Another day, so that nothing of the first tests is in the cache. The last of two values holds. */
const ROTATED = ["-p", "day=canary-rotated"];
const SIGNED = ["--sign", "--sign-key", "sign.json"];

let cloud: TestCloud;
let folder: string;
const agents: RunningWeir[] = [];

const user = () => ({ WEIR_API_URL: cloud.url, WEIR_API_KEY: cloud.userKey });
const ada = () => ({ ...user(), WEIR_SEAL_KEY_FILE: "ada.json" });

function startAgent(name: string, key = "inside.json"): RunningWeir {
  const env = {
    WEIR_API_URL: cloud.url,
    WEIR_AGENT_KEY: cloud.agentKey,
    WEIR_AGENT_DRAIN_SECONDS: "0",
    WEIR_AGENT_SEAL_KEY_FILE: key,
    WEIR_AGENT_HMAC_KEY_FILE: "hmac",
    WEIR_AGENT_RESULTS_DIRECTORY: join(folder, "canary-location"),
  };
  const agent = startWeir(["agent", "start", "--name", name, "--directory", name], { cwd: folder, env });
  agents.push(agent);
  return agent;
}

/** Of the agent itself: the command line that started it only stands in front of it. */
const pidOf = ({ seen }: RunningWeir): number => Number(/"pid":(\d+)/.exec(seen.err)?.[1]);

/** Runs a command that must succeed, and gives its --json document. */
async function json<T>(args: readonly string[], env: Record<string, string>): Promise<T> {
  const { code, out, err } = await weir([...args, "--json"], { cwd: folder, env });
  expect(`${code} ${code === 0 ? "" : out}${code === 0 ? "" : err}`).toBe("0 ");
  return JSON.parse(out) as T;
}

interface Shown {
  readonly flowRun: {
    readonly state: string;
    readonly attempt: number;
    readonly parameters: unknown;
    readonly failure: { message: string } | null;
    readonly agent: { name: string };
    readonly artifacts: readonly { data: unknown }[];
  };
  readonly taskRuns: readonly {
    task: string;
    state: string;
    tryNumber: number;
    name: string | null;
    location: string | null;
  }[];
}
const show = (id: string, env: Record<string, string>) => json<Shown>(["runs", "show", id], env);
const begin = async (...more: string[]) =>
  (await json<{ flowRun: { id: string } }>(["run", "sealed", "-p", DAY, "--no-watch", ...more], user())).flowRun.id;
/** Straight from the database: a command line for each look would take most of the test's time. */
async function statesOf(table: "flow_runs" | "task_runs", where: string, id: string): Promise<readonly string[]> {
  const { rows } = await cloud.database.pool.query(`select state from ${table} where ${where}`, [id]);
  return (rows as { state: string }[]).map(({ state }) => state);
}
const until = (id: string, state: string) =>
  eventually(async () => (await statesOf("flow_runs", "id = $1", id)).includes(state), { timeoutMs: 60_000 });
/** Until a run has two tasks behind it: the third waits for the gate. */
const untilWaits = (id: string) =>
  eventually(
    async () =>
      (await statesOf("task_runs", "flow_run_id = $1", id)).filter((state) => ["Success", "Cached"].includes(state))
        .length === 2,
    { timeoutMs: 60_000 },
  );
const effects = async () => (await readFile(join(folder, "effects"), "utf8")).trim().split("\n");

beforeAll(async () => {
  cloud = await startTestCloud({ leaseSeconds: 4, reportSeconds: 1 });
  folder = await makeProject({ "sealed.flow.ts": FLOW, "weir.boundary.yaml": POLICY });
  await writeFile(join(folder, "hmac"), randomBytes(32).toString("base64url"), { mode: 0o600 });
  await json(["seal", "keygen", "--out", "ada.json", "--name", "ada"], {});
  await json(["seal", "keygen", "--inside", "--out", "inside.json"], {});
  await json(["trust", "export", "--inside", "inside.pub.json"], {});
  await json(["register", "sealed.flow.ts"], user());
}, 60_000);

afterAll(async () => {
  for (const agent of agents) agent.child.kill("SIGTERM");
  await Promise.all(agents.map(({ ended }) => ended));
  await cloud.stop();
  await removeProject(folder);
});

test("a sealed run is retried, taken over by another agent, restarted and cached", { timeout: 180_000 }, async () => {
  const first = startAgent("one");
  const id = await begin();
  await untilWaits(id);
  expect((await show(id, user())).taskRuns.find(({ task }) => task === "flaky")?.tryNumber).toBe(2);
  process.kill(pidOf(first), "SIGKILL");
  await first.ended;
  startAgent("two");
  await writeFile(join(folder, "gate"), "fail");
  await until(id, "Failed");
  expect((await show(id, ada())).flowRun).toMatchObject({ agent: { name: "two" }, failure: { message: "canary-end" } });
  await writeFile(join(folder, "gate"), "open");
  await json(["runs", "restart", id], user());
  await until(id, "Success");
  // What had succeeded under the first agent was read back through its sealed locations, and not run again.
  expect(await effects()).toEqual(["fares", "flaky", "flaky"]);
  const again = await begin();
  await until(again, "Success");
  const { taskRuns } = await show(again, user());
  // A task with a cache is Cached when it has run, too: what tells is that it did not run again.
  expect(taskRuns.find(({ task }) => task === "fares")?.state).toBe("Cached");
  expect((await effects()).filter((effect) => effect === "fares")).toHaveLength(1);
});

test(
  "the cloud holds none of it, the reader opens all of it, and anybody else sees states",
  { timeout: 60_000 },
  async () => {
    const { flowRuns } = await json<{ flowRuns: { id: string }[] }>(["runs", "list"], user());
    const id = flowRuns.at(-1)?.id ?? "";
    const open = await show(id, ada());
    expect(open.flowRun.parameters).toEqual({ day: "canary-parameter" });
    expect(open.flowRun.artifacts[0]?.data).toEqual({ markdown: "# canary-artifact" });
    expect(open.taskRuns.find(({ task }) => task === "flaky")?.name).toBe("canary-name");
    expect(open.taskRuns[0]?.location).toContain("canary-location");
    const logs = await weir(["runs", "logs", id], { cwd: folder, env: ada() });
    expect(logs.out).toMatch(/canary-top 7[^]*canary-log canary-parameter/);
    const shut = await weir(["runs", "logs", id], { cwd: folder, env: user() });
    expect([shut.code, shut.out.includes("canary"), shut.out.includes("[sealed]")]).toEqual([0, false, true]);
    expect(shut.err).toMatch(/^Sealed for (inside|ada).*WEIR_SEAL_KEY_FILE.*\n$/);
    const held = await cloud.database.pool.query(`select coalesce(string_agg(t::text, ' '), '') as text from (
    select to_jsonb(r) as t from flow_runs r union all select to_jsonb(r) from task_runs r union all select to_jsonb(r) from logs r
    union all select to_jsonb(r) from flow_versions r union all select to_jsonb(r) from flow_run_states r union all select to_jsonb(r) from artifacts r) rows`);
    const text = (held.rows[0] as { text: string }).text;
    expect(text).toContain("sealed:");
    expect(text).not.toContain("canary");
    expect(text).not.toContain("sealed.flow.ts");
  },
);

async function stopAgents(): Promise<void> {
  for (const agent of agents) agent.child.kill("SIGTERM");
  await Promise.all(agents.splice(0).map(({ ended }) => ended));
}

/** Stops the agents there are, and starts one with another key file. */
async function handOver(name: string, key: string): Promise<void> {
  await stopAgents();
  startAgent(name, key);
}

/** A reader that holds the agents' newest key, and none before it. */
async function newestOf(file: string): Promise<Record<string, string>> {
  const { keys } = JSON.parse(await readFile(join(folder, file), "utf8")) as { keys: object[] };
  await writeFile(join(folder, "newest.json"), JSON.stringify(keys[0]), { mode: 0o600 });
  return { ...user(), WEIR_SEAL_KEY_FILE: "newest.json" };
}
const logsOf = async (id: string, env: Record<string, string>) =>
  (await weir(["runs", "logs", id], { cwd: folder, env })).out;
const failureOf = async (id: string) => (await show(id, ada())).flowRun.failure;

test(
  "sealed and signed: restart and cache hold, before and after the inside key is rotated, and old runs stay readable",
  { timeout: 180_000 },
  async () => {
    const { jwk } = await json<{ jwk: object }>(["sign", "keygen", "--name", "ann", "--out", "sign.json"], {});
    const signers = `sign: { trustedSigners: [{ name: ann, jwk: ${JSON.stringify(jwk)} }] }\n`;
    await writeFile(join(folder, "weir.boundary.yaml"), POLICY + signers);
    await json(["register", "sealed.flow.ts", "--sign-key", "sign.json", "--sign"], user());
    await writeFile(join(folder, "gate"), "fail");
    await handOver("three", "inside.json");
    const [unsigned, old] = [await begin(...ROTATED), await begin(...ROTATED, ...SIGNED)];
    await until(unsigned, "Failed");
    expect(await failureOf(unsigned)).toMatchObject({ code: "SIGNATURE_INVALID" });
    await until(old, "Failed");
    expect(await failureOf(old)).toMatchObject({ message: "canary-end" });
    const before = await effects();

    await json(["seal", "keygen", "--inside", "--with-old", "inside.json", "--out", "both.json"], {});
    await json(["trust", "export", "--inside", "both.pub.json", "--replace"], {});
    await handOver("four", "both.json");
    await writeFile(join(folder, "gate"), "open");
    await json(["runs", "restart", old], user());
    await until(old, "Success");
    expect(await effects()).toEqual(before);
    const young = await begin(...ROTATED, ...SIGNED);
    await until(young, "Success");
    expect((await effects()).slice(before.length).filter((effect) => effect === "fares")).toEqual([]);

    const newest = await newestOf("both.json");
    expect(await logsOf(young, newest)).toContain("canary-log canary-rotated");
    // The restart was sealed for the new key; what the run logged before it, the old one alone opens.
    expect(await logsOf(old, newest)).toMatch(/\[sealed\][^]*canary-top 7/);
    const all = await logsOf(old, { ...user(), WEIR_SEAL_KEY_FILE: "both.json" });
    expect([all.match(/canary-top 7/g)?.length, all.includes("[sealed]")]).toEqual([2, false]);
  },
);

test(
  "an agent that lost the inside key says so, and the run can be restarted where the key still is",
  { timeout: 120_000 },
  async () => {
    await stopAgents();
    const lost = await begin(...ROTATED, ...SIGNED);
    await json(["seal", "keygen", "--inside", "--out", "lost.json"], {});
    startAgent("five", "lost.json");
    await until(lost, "Failed");
    const failure = await failureOf(lost);
    expect(failure).toMatchObject({ code: "SEAL_KEY_MISSING" });
    expect(failure?.message).toMatch(
      / sealed, and this agent has no key .*WEIR_AGENT_SEAL_KEY_FILE.* then restart the run\.$/,
    );
    await handOver("six", "both.json");
    await json(["runs", "restart", lost], user());
    await until(lost, "Success");
  },
);

test(
  "a program of the user's own starts a run as the docs tell it, and the cloud sees nothing of it",
  { timeout: 60_000 },
  async () => {
    await stopAgents();
    await writeFile(join(folder, "weir.boundary.yaml"), POLICY);
    startAgent("seven", "both.json");
    const page = await readFile(join(import.meta.dirname, "../../../../docs/sealing.md"), "utf8");
    await writeFile(join(folder, "start.mjs"), /```ts\n(\/\/ start\.mjs[^]*?)```/.exec(page)?.[1] ?? "");
    const { stdout } = await promisify(execFile)(process.execPath, ["start.mjs", "canary-program"], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...user() },
    });
    const { data } = JSON.parse(stdout) as { data: { createFlowRun: { flowRun: { id: string } } } };
    const { id } = data.createFlowRun.flowRun;
    await until(id, "Success");
    expect((await show(id, ada())).flowRun.parameters).toEqual({ day: "canary-program" });
    expect((await show(id, user())).flowRun.parameters).toBe("[sealed]");
    expect(await logsOf(id, ada())).toContain("canary-log canary-program");
  },
);

test("logs speaks of what is sealed in the lines, and not of what else is sealed of their run", async () => {
  const id = await begin("--label", "nobody");
  expect(await weir(["runs", "logs", id], { cwd: folder, env: user() })).toMatchObject({ code: 0, out: "", err: "" });
});

test("a list of runs opens why they ended for a reader, and says for whom it is sealed to anybody else", async () => {
  const list = (env: Record<string, string>) =>
    weir(["runs", "list", "--state", "failed", "--json"], { cwd: folder, env });
  const [open, shut] = [await list(ada()), await list(user())];
  const messages = (out: string) =>
    (JSON.parse(out) as { flowRuns: { failure: { message: string } }[] }).flowRuns.map(
      ({ failure }) => failure.message,
    );
  expect([open.err, messages(open.out).length > 0, open.out.includes("[sealed]")]).toEqual(["", true, false]);
  expect(messages(shut.out)).toEqual(messages(open.out).map(() => "[sealed]"));
  expect(shut.err).toMatch(/^Sealed for .*ada.*; set WEIR_SEAL_KEY_FILE .*\n$/);
  expect(open.out + shut.out).not.toContain("sealKeys");
  // The table has no column that may be sealed, so there is nothing to say.
  expect(await weir(["runs", "list"], { cwd: folder, env: user() })).toMatchObject({ code: 0, err: "" });
});

test("parameters that do not fit are told before anything is sealed or sent", async () => {
  const { code, err } = await weir(["run", "sealed", "-p", "top=many", "--no-watch"], { cwd: folder, env: user() });
  expect([code, err]).toEqual([2, expect.stringMatching(/do not fit: .*"top" must be number/)]);
});
