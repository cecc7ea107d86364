import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "@weir/testing";
import { startTestCloud, type TestCloud } from "@weir/testing/cloud";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeProject, removeProject, type RunningWeir, startWeir, weir } from "../testing/weir.ts";

// The key-value store as a flow uses it, under a policy that seals: command line, agent, the flow's process, cloud and database, all real.

const FLOW = `
import { flow, kv, KvConflictError, run, task } from "@weir/sdk";

interface Mark { readonly place: string; readonly upTo: number }

const load = task("load", async () => {
  const mark = await kv.entry<Mark>("orders/cursor");
  run.log.info("from " + (mark?.value.upTo ?? "the beginning"));
  return { upTo: (mark?.value.upTo ?? 0) + 10, version: mark?.version ?? 0 };
});
const move = task("move", async ({ upTo, version }: { upTo: number; version: number }) => {
  await kv.set("orders/cursor", { place: "canary-place", upTo }, { expectedVersion: version });
  const late = await kv.set("orders/cursor", "canary-late", { expectedVersion: version }).catch((error: unknown) => error);
  if (!(late instanceof KvConflictError)) throw new Error("a conflict was not told");
});

export default flow("cursor", async () => {
  await move(await load());
  await kv.set("scratch", "canary-scratch");
  if (!(await kv.delete("scratch"))) throw new Error("what was written is not there");
});
`;
const POLICY = `
version: 1
classes: { parameter: seal }
seal: { recipients: [{ name: ada, file: ada.pub.json }] }
`;

let cloud: TestCloud;
let folder: string;
let agent: RunningWeir;

const user = () => ({
  WEIR_API_URL: cloud.url,
  WEIR_API_KEY: cloud.userKey,
  WEIR_TRUST_FILE: join(folder, "weir.trust.json"),
});
const ada = () => ({ ...user(), WEIR_SEAL_KEY_FILE: "ada.json" });

async function json<T>(args: readonly string[], env: Record<string, string>): Promise<T> {
  const { code, out, err } = await weir([...args, "--json"], { cwd: folder, env });
  expect(`${code} ${code === 0 ? "" : out}${code === 0 ? "" : err}`).toBe("0 ");
  return JSON.parse(out) as T;
}

beforeAll(async () => {
  cloud = await startTestCloud({ reportSeconds: 1 });
  folder = await makeProject({ "cursor.flow.ts": FLOW, "weir.boundary.yaml": POLICY });
  await writeFile(join(folder, "hmac"), randomBytes(32).toString("base64url"), { mode: 0o600 });
  await json(["seal", "keygen", "--out", "ada.json", "--name", "ada"], {});
  await json(["seal", "keygen", "--inside", "--out", "inside.json"], {});
  await json(["trust", "export", "--inside", "inside.pub.json"], {});
  await json(["register", "cursor.flow.ts"], user());
  const env = {
    WEIR_API_URL: cloud.url,
    WEIR_AGENT_KEY: cloud.agentKey,
    WEIR_AGENT_DRAIN_SECONDS: "0",
    WEIR_AGENT_SEAL_KEY_FILE: "inside.json",
    WEIR_AGENT_HMAC_KEY_FILE: "hmac",
  };
  agent = startWeir(["agent", "start", "--name", "one", "--directory", "one"], { cwd: folder, env });
}, 180_000);

afterAll(async () => {
  agent.child.kill("SIGTERM");
  await agent.ended;
  await cloud.stop();
  await removeProject(folder);
});

/** Runs the flow to its end, and gives its log. */
async function runOnce(): Promise<string> {
  const { flowRun } = await json<{ flowRun: { id: string } }>(["run", "cursor", "--no-watch"], user());
  const ended = async () => {
    const sql = "select state from flow_runs where id = $1";
    const { rows } = await cloud.database.pool.query<{ state: string }>(sql, [flowRun.id]);
    return rows[0]?.state === "Success";
  };
  await eventually(ended, { timeoutMs: 60_000 });
  return (await weir(["runs", "logs", flowRun.id], { cwd: folder, env: user() })).out;
}

const kept = async () =>
  (
    await cloud.database.pool.query<{ text: string }>(
      `select coalesce(string_agg(e::text, ' '), '') as text from kv_entries e`,
    )
  ).rows[0]?.text ?? "";

test(
  "two tasks move a cursor over two runs; a person reads it, and sets it for the third",
  { timeout: 120_000 },
  async () => {
    expect(await runOnce()).toContain("from the beginning");
    expect(await runOnce()).toContain("from 10");
    const { entry } = await json<{ entry: object }>(["kv", "get", "orders/cursor"], ada());
    expect(entry).toMatchObject({
      value: { place: "canary-place", upTo: 20 },
      version: 2,
      updatedBy: expect.stringMatching(/^flow run [0-9a-f-]{36}, task run 2$/) as string,
    });
    const shut = await weir(["kv", "get", "orders/cursor"], { cwd: folder, env: user() });
    expect(shut.out).toBe('"[sealed]"\n');
    await json(["kv", "set", "orders/cursor", '{ "place": "canary-person", "upTo": 500 }'], user());
    expect(await runOnce()).toContain("from 500");
  },
);

test("the cloud's rows hold nothing of it, and the ledger tells what was done to it", async () => {
  const text = await kept();
  expect(text).toContain("$sealed");
  expect(text).not.toContain("canary");
  expect(text).not.toContain("scratch");
  const { out } = await weir(["ledger", "show", "--directory", "one"], { cwd: folder, env: {} });
  expect(out).toMatch(/kvGet .*\n.*metadata sent\n/);
  expect(out).toMatch(/kvSet .*\n.*metadata sent · parameter sealed\n/);
});
