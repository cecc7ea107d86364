import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Ended, makeProject, removeProject, weir } from "../testing/weir.ts";

const FLOW = `
import { flow, task } from "@weir/sdk";
import { z } from "zod";
const load = task("load", (day: string) => day);
const charge = task("charge", (day: string) => day);
export default flow(
  "report",
  { parameters: z.object({ day: z.string() }), boundary: { artifact: "drop" } },
  async ({ day }) => await charge(load(day)),
);
`;

let folder = "";
beforeAll(async () => {
  folder = await makeProject({ "report.flow.ts": FLOW });
});
afterAll(() => removeProject(folder));

const POLICY = "weir.boundary.yaml";
const path = (name: string): string => join(folder, name);
const policy = (text: string): void => writeFileSync(path(POLICY), text);
const boundary = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  weir(["boundary", ...args], { cwd: folder, env });

interface Row {
  readonly class: string;
  readonly action: string;
  readonly entry: string | null;
  readonly line: number | null;
}

beforeEach(() => policy("version: 1\n"));

test("init writes a file that is right, and never over one that is there", async () => {
  policy("# mine\n");
  const refused = await boundary(["init"]);
  expect(refused).toMatchObject({
    code: 6,
    err: expect.stringContaining("is there already, and what it says is kept"),
  });
  expect(readFileSync(path(POLICY), "utf8")).toBe("# mine\n");
  expect(await boundary(["init", "--force", "--strict"])).toMatchObject({ code: 0 });
  const text = readFileSync(path(POLICY), "utf8");
  expect(text).toContain("  parameter: seal\n");
  const schema = /\$schema=(.*)\n/.exec(text)?.[1] ?? "";
  expect(schema).toBe("./.weir/boundary.schema.json");
  expect(JSON.parse(readFileSync(path(schema), "utf8"))).toMatchObject({ title: "Boundary policy of Weir" });
});

test("where Weir is installed beside the file, editors read the schema of that version", async () => {
  const root = resolve(import.meta.dirname, "../../../..");
  const inner = path("inner folder");
  mkdirSync(inner, { recursive: true });
  symlinkSync(join(root, "packages", "gate"), path("node_modules/@weir/gate"));
  const { out, code } = await weir(["boundary", "init", "--json"], { cwd: inner });
  const { schema, ...rest } = JSON.parse(out) as { schema: string; path: string };
  expect([code, rest]).toEqual([0, { path: join(inner, POLICY), strict: false }]);
  expect(schema).toBe("../node_modules/@weir/gate/boundary.schema.json");
  expect(existsSync(join(inner, schema))).toBe(true);
});

test("check tells all that is wrong with a file, with exit code 2", async () => {
  policy("version: 1\nclases: {}\nlogs: { level: loud }\n");
  const { code, err } = await boundary(["check"]);
  expect(code).toBe(2);
  expect(err).toContain(`${path(POLICY)}:2:1: this file has the key "clases"`);
  expect(err).toContain(`${path(POLICY)}:3:16: logs.level is "loud"`);
  const { out } = await boundary(["check", "--json"]);
  expect(JSON.parse(out)).toMatchObject({ error: { code: "POLICY_INVALID" } });
});

const DIFFERENT = `version: 1
classes: { exception: redact }
overrides:
  - { flow: rep*, classes: { log: drop } }
  - { flow: report, task: charge, classes: { exception: id-only } }
  - { flow: other, classes: { parameter: drop } }
`;

test("check shows for each class of a flow what is done, and who says so; for a task where it differs", async () => {
  policy(DIFFERENT);
  const { out, code } = await boundary(["check", "report.flow.ts"]);
  expect(code).toBe(0);
  expect(out).toMatch(/parameter {2}send {10}the default\n/);
  expect(out).toMatch(/log {8}drop {10}line 4: overrides\[0\]\.classes\.log\n/);
  expect(out).toMatch(/exception {2}id-only {7}line 5: overrides\[1\]\.classes\.exception\n/);
  expect(out).toMatch(/artifact {3}drop {10}the flow's own option boundary\n/);
  expect(out).toMatch(/task load, where it differs\n.*\n {2}exception {2}redact {8}line 2: classes\.exception\n/);
  expect(out).not.toContain("task charge");
  expect(out).toContain("✓ Nothing contradicts it.");
});

test("check --json is the same as one document", async () => {
  policy(DIFFERENT);
  const { out } = await boundary(["check", "report.flow.ts", "--json"]);
  const { flows } = JSON.parse(out) as { flows: { classes: Row[]; tasks: { task: string; classes: Row[] }[] }[] };
  expect(flows[0]?.classes).toContainEqual({
    class: "log",
    action: "drop",
    entry: "overrides[0].classes.log",
    line: 4,
  });
  expect(flows[0]?.classes).toContainEqual({ class: "artifact", action: "drop", entry: "boundary", line: null });
  expect(flows[0]?.tasks).toEqual([
    { task: "load", classes: [{ class: "exception", action: "redact", entry: "classes.exception", line: 2 }] },
  ]);
});

test("a flow that the policy would not let run makes check end with exit code 6, and say why", async () => {
  policy("version: 1\nclasses:\n  parameter: drop\n");
  const { out, code } = await boundary(["check", "report.flow.ts"]);
  expect(code).toBe(6);
  expect(out.replaceAll(/\n {2}/g, " ")).toContain(
    `✗ The flow "report" needs the parameter "day", without a default, but ${path(POLICY)}:3 (classes.parameter) says drop`,
  );
});

test("a policy that seals needs the inside key, and is fine with it", async () => {
  policy("version: 1\nclasses:\n  log: seal\n");
  for (const args of [["check"], ["check", "report.flow.ts"]]) {
    const refused = await boundary(args);
    expect(refused.code).toBe(6);
    expect(refused.out.replaceAll(/\s+/g, " ")).toContain("but there is no inside key here");
    expect((await boundary(args, { WEIR_AGENT_SEAL_KEY_FILE: "inside.json" })).code).toBe(0);
  }
});

test("an override without effect is told, and is no failure", async () => {
  policy("version: 1\noverrides:\n  - { flow: debug, classes: { log: send } }\n");
  const { out, code } = await boundary(["check"]);
  expect(code).toBe(0);
  expect(out.replaceAll(/\s+/g, " ")).toContain("! Line 3: overrides[0].classes.log says send, which has no effect");
});

test("without a policy file the defaults are shown, and how to make one", async () => {
  const empty = await makeProject();
  try {
    const { out, code } = await weir(["boundary", "check"], { cwd: empty });
    expect(code).toBe(0);
    expect(out).toContain("There is no weir.boundary.yaml here, so the defaults hold. Make one: weir boundary init");
    expect(out).toMatch(/log {8}redact {8}the default\n/);
  } finally {
    await removeProject(empty);
  }
});

test("explain without a ledger, or without the run in it, says what to do", async () => {
  const id = "0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e";
  expect(await boundary(["explain", id])).toMatchObject({
    code: 4,
    err: expect.stringContaining("There is no ledger"),
  });
  mkdirSync(path("agent-1"), { recursive: true });
  writeFileSync(path("agent-1/ledger.jsonl"), "");
  expect(await boundary(["explain", id, "--directory", "agent-1"])).toMatchObject({
    code: 4,
    err: expect.stringContaining(`Nothing about the run ${id} was sent by the agent of ${path("agent-1")}`),
  });
});
