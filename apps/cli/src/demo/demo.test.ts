import { existsSync } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "@weir/testing";
import { expect, onTestFinished, test } from "vitest";
import { processesOf } from "../testing/processes-of.ts";
import { makeProject, removeProject, startWeir, weir, written } from "../testing/weir.ts";

// The newcomer's first command, with the real embedded Postgres, cloud, agent and example.

const SLOW = 240_000;
const GONE = { timeoutMs: 30_000 };

async function folder(): Promise<string> {
  const made = await makeProject();
  onTestFinished(() => removeProject(made));
  return made;
}

interface DemoDocument {
  readonly flowRun: { readonly state: string; readonly parameters: unknown };
  readonly taskRuns: readonly unknown[];
  readonly results: readonly { readonly task: string; readonly locations: readonly string[] }[];
  readonly holdings: readonly { readonly table: string; readonly rows: number }[];
  readonly urls: { readonly keys: string; readonly logs: readonly string[] };
}

test(
  "demo --once --json tells the whole run in one document, and leaves nothing running",
  { timeout: SLOW },
  async () => {
    const cwd = await folder();
    const { code, out, err } = await weir(
      ["demo", "--once", "--json", "--port", "0", "--top", "7", "--min-delay", "20"],
      { cwd },
    );
    expect([code, err]).toEqual([0, ""]);
    const told = JSON.parse(out) as DemoDocument;
    expect(told.flowRun).toMatchObject({ state: "Success", parameters: { top: 7, minDelay: 20 } });
    expect(told.holdings.map(({ table }) => table)).toEqual(expect.arrayContaining(["flow_runs", "task_runs", "logs"]));
    const files = told.results
      .flatMap(({ locations }) => locations)
      .map((location) => fileURLToPath(location.replace(/#.*/, "")));
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !file.startsWith(join(cwd, ".weir", "results")) || !existsSync(file))).toEqual([]);
    expect(Object.keys(told.urls).sort()).toEqual(["keys", "logs"]);
    expect((await stat(told.urls.keys)).mode & 0o777).toBe(0o600);
    expect(out).not.toMatch(/weir_[ua]_/);
    await eventually(() => expect(processesOf(cwd)).toEqual([]), GONE);
  },
);

test(
  "a demo that is killed leaves nothing running, and the next one works, on a port that is free",
  { timeout: SLOW },
  async () => {
    const cwd = await folder();
    const squatter = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void squatter.close());
    await eventually(() => squatter.address() !== null);
    const { port } = squatter.address() as { port: number };
    const first = startWeir(["demo", "--port", String(port)], { cwd });
    await written(first, "Submitted");
    first.child.kill("SIGKILL");
    await first.ended;
    await eventually(() => expect(processesOf(cwd)).toEqual([]), GONE);
    const second = await weir(["demo", "--once", "--port", String(port)], { cwd });
    expect([second.code, second.err]).toEqual([0, ""]);
    for (const title of [
      "Timeline",
      "Results",
      "What the flow made for people",
      "Everything the cloud now knows about this run",
    ])
      expect(second.out).toContain(`\n${title}`);
    expect(second.out).toMatch(/publish-report +━+.*\d tries/);
    expect(second.out).toMatch(/delay-statistics ×50/);
    expect(second.out.split("\n").filter((line) => line.length > 100)).toEqual([]);
    expect(second.out).not.toMatch(/weir_[ua]_/);
  },
);

test("dev stays until Ctrl-C, says when a part dies, and ends with everything", { timeout: SLOW }, async () => {
  const cwd = await folder();
  const first = startWeir(["dev", "--json", "--port", "0"], { cwd });
  await written(first, "}\n");
  expect(JSON.parse(first.seen.out)).toMatchObject({
    dashboard: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
  });
  const here = await weir(["runs", "list"], { cwd: join(cwd, "node_modules") });
  expect(here.out).toBe("No runs. Start one with `weir run FILE`.\n");
  first.child.kill("SIGINT");
  expect((await first.ended).code).toBe(0);
  const second = startWeir(["dev", "--port", "0"], { cwd });
  await written(second, "Ctrl-C ends everything");
  expect(second.seen.out).toMatch(/dashboard +http:\/\/127\.0\.0\.1:\d+\/\n/);
  expect(second.seen.out).not.toMatch(/weir_[ua]_/);
  const agent = processesOf(cwd).find((line) => line.includes("agent/src/main.ts")) ?? "";
  process.kill(Number.parseInt(agent, 10), "SIGKILL");
  expect(await second.ended).toMatchObject({
    code: 1,
    err: expect.stringMatching(/The agent ended by SIGKILL\. Its log: .*agent\.log/),
  });
  await eventually(() => expect(processesOf(cwd)).toEqual([]), GONE);
});

test("a stage that cannot be is a sentence and exit code 1, and nothing stays", { timeout: SLOW }, async () => {
  const cwd = await folder();
  await writeFile(join(cwd, "taken"), "");
  const { code, out, err } = await weir(["demo", "--once", "--json", "--directory", "taken"], { cwd });
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ error: { exitCode: 1 } });
  expect(err).toContain("taken");
  expect(err).not.toMatch(/\n\s+at |should not happen/);
  expect(processesOf(cwd)).toEqual([]);
});
