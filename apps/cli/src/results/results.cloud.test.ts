import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startTestCloud, type TestCloud } from "@weir/testing/cloud";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeProject, removeProject, type RunningWeir, startWeir, weir } from "../testing/weir.ts";

// Results of runs on a real cloud: in plain sight, sealed, under a pseudonym, and in a store that only the flow's file can read.

const FLOWS = `
import { readFileSync } from "node:fs";
import { flow, task } from "@weir/sdk";
import { encrypted, localStore } from "@weir/sdk/results";

const rows = task("rows", () => ({ day: new Date(0), names: ["\\u001b[31mann"] }));
const bytes = task("bytes", () => new Uint8Array([1, 2, 255]));
const each = task("each", (n: number) => n);
const body = async () => {
  await rows();
  await bytes();
  await each.map([1, 2]);
};
const store = encrypted(localStore({ directory: "own" }), readFileSync("store-key"));
const secret = task("secret", { result: store }, () => "canary");

export const plain = flow("plain", body);
export const named = flow("named", { boundary: { location: "pseudonym" } }, body);
export const sealed = flow("sealed", { boundary: { location: "seal" } }, body);
export const own = flow("own", async () => await secret());
`;

let cloud: TestCloud;
let folder: string;
let agent: RunningWeir;
const runs: Record<string, string> = {};

const user = (more: Record<string, string> = {}) => ({
  cwd: folder,
  env: { WEIR_API_URL: cloud.url, WEIR_API_KEY: cloud.userKey, ...more },
});
const open = (run: string, task: string, ...more: string[]) =>
  weir(["results", "open", runs[run] ?? "", task, "--directory", "agent", ...more], user());

beforeAll(async () => {
  cloud = await startTestCloud();
  folder = await makeProject({ "all.flow.ts": FLOWS });
  await writeFile(join(folder, "store-key"), randomBytes(32));
  await weir(["seal", "keygen", "--inside", "--out", "inside.json"], { cwd: folder });
  const env = {
    WEIR_API_URL: cloud.url,
    WEIR_AGENT_KEY: cloud.agentKey,
    WEIR_AGENT_DRAIN_SECONDS: "0",
    WEIR_AGENT_SEAL_KEY_FILE: "inside.json",
  };
  agent = startWeir(["agent", "start", "--name", "box", "--directory", "agent"], { cwd: folder, env });
  const registered = await weir(["register", "all.flow.ts"], user({ WEIR_AGENT_SEAL_KEY_FILE: "inside.json" }));
  if (registered.code !== 0) throw new Error(registered.err);
  for (const name of ["plain", "named", "sealed", "own"]) {
    const { out, err } = await weir(["run", name, "--json"], user());
    if (!out.includes("flowRun")) throw new Error(out + err + agent.seen.err);
    runs[name] = (JSON.parse(out) as { flowRun: { id: string } }).flowRun.id;
  }
});
afterAll(async () => {
  agent.child.kill("SIGTERM");
  await agent.ended;
  await cloud.stop();
  await removeProject(folder);
});

test("a result is printed as JSON, without what would command the terminal; --json says where it lies", async () => {
  const { code, out } = await open("plain", "rows");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ day: { $weir: "date", value: "1970-01-01T00:00:00.000Z" }, names: ["ann"] });
  const whole = JSON.parse((await open("plain", "2", "--json")).out) as object;
  expect(whole).toMatchObject({ task: "bytes", number: 2, location: expect.stringMatching(/^file:/) as unknown });
  expect(whole).toMatchObject({ value: { base64: "AQL/" } });
});

test("bytes are written to a file as they are", async () => {
  const { code, err } = await open("plain", "bytes", "--out", "bytes.bin");
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining("bytes.bin has 3 B") as unknown });
  expect([...(await readFile(join(folder, "bytes.bin")))]).toEqual([1, 2, 255]);
  expect((await open("plain", "bytes")).out).toContain("no text");
});

test("a location that the cloud knows only by a pseudonym is found in the agent's dictionary", async () => {
  const shown = await weir(["runs", "show", runs["named"] ?? "", "--json"], user());
  expect(shown.out).not.toContain("file:");
  const { code, out } = await open("named", "rows");
  expect({ code, names: (JSON.parse(out) as { names: unknown }).names }).toEqual({ code: 0, names: ["ann"] });
  await rename(join(folder, "agent", "locations"), join(folder, "elsewhere"));
  const lost = await open("named", "rows");
  await rename(join(folder, "elsewhere"), join(folder, "agent", "locations"));
  expect(lost).toMatchObject({ code: 4, err: expect.stringContaining("only a pseudonym of this result") as unknown });
});

test("a sealed location is opened with the inside key; without it, whose key it takes is told", async () => {
  const args = ["results", "open", runs["sealed"] ?? "", "rows"];
  const { code, err } = await weir(args, user());
  expect(code).toBe(1);
  expect(err).toMatch(/lies is sealed\. Sealed for .*WEIR_SEAL_KEY_FILE/s);
  expect(await weir(args, user({ WEIR_SEAL_KEY_FILE: "inside.json" }))).toMatchObject({ code: 0 });
});

test("what the flow's own store has encrypted is read by the flow's file, in a process without Weir's key", async () => {
  const without = await open("own", "secret");
  expect(without).toMatchObject({ code: 1, err: expect.stringContaining("--flow") as unknown });
  expect(await open("own", "secret", "--flow", "all.flow.ts")).toMatchObject({ code: 0, out: '"canary"\n' });
  const other = await open("plain", "rows", "--flow", "all.flow.ts");
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining("Open it without --flow") as unknown });
});

test("a task that ran several times, one that is not there, and a file outside the results directory are told", async () => {
  expect(await open("plain", "each")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/wrote 2 results.*by its number/s) as unknown,
  });
  expect(await open("plain", "99")).toMatchObject({
    code: 4,
    err: expect.stringContaining('no task run "99"') as unknown,
  });
  expect(await open("plain", "3")).toMatchObject({
    code: 4,
    err: expect.stringContaining("wrote no result") as unknown,
  });
  const outside = await open("plain", "rows", "--results", "other");
  expect(outside).toMatchObject({
    code: 1,
    err: expect.stringContaining("not below the results directory") as unknown,
  });
});
