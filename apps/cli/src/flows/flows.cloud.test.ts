import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliStage, setStage } from "../testing/with-cloud.ts";

// Versions and settings of a flow, by hand: command line, gate and cloud, all real.

const flowFile = (description: string, more = "", schema = "z.object({ top: z.number().default(5) })") => `
import { flow, task } from "@weir/sdk";
import { z } from "zod";
const load = task("load", (top: number) => top);
${more}
export default flow("report", { description: ${JSON.stringify(description)}, parameters: ${schema} }, async ({ top }) => await load(top));
`;

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(false);
  await register(flowFile("one"));
  const tasks = `export const store = task("store", { tags: ["db"] }, (value: number) => value);`;
  await register(flowFile("two", tasks, "z.object({ top: z.number().default(7) })"));
});
afterAll(() => stage.end());

async function register(text: string): Promise<void> {
  await writeFile(join(stage.folder, "report.flow.ts"), text);
  expect((await stage.weir(["register", "report.flow.ts"])).code).toBe(0);
}

test("flows are listed and shown, and versions told apart by what they are for now", async () => {
  expect((await stage.weir(["flows", "list"])).out).toMatch(/report +default +2 +two/);
  expect((await stage.weir(["flows", "show", "report"])).out).toMatch(
    /version +2, of 20[\s\S]*signed +no[\s\S]*defaults +\{"top":7\}/,
  );
  expect((await stage.weir(["flows", "versions", "report"])).out).toMatch(/2 +runs .*two\n1 +archived .*one\n/);
  expect(await stage.weir(["flows", "show", "nothing"])).toMatchObject({
    code: 4,
    err: expect.stringContaining('no flow "nothing"'),
  });
});

test("what is different is told part by part", async () => {
  const { out, code } = await stage.weir(["flows", "diff", "report", "1"]);
  expect(code).toBe(0);
  expect(out).toContain("From version 1 to version 2\n");
  expect(out).toContain('description\n  ~\n    - "one"\n    + "two"\n');
  expect(out).toMatch(/tasks\n {2}\+ store \{/);
  expect(out).toContain("default parameters\n  ~ top\n    - 5\n    + 7\n");
  expect((await stage.weir(["flows", "diff", "report", "2", "2"])).out).toBe("Versions 2 and 2 are the same.\n");
  expect(await stage.weir(["flows", "diff", "report", "9"])).toMatchObject({
    code: 4,
    err: expect.stringContaining("has no version 9; it has 1 to 2"),
  });
});

test("an older version is brought back, and the newer one archived", async () => {
  expect((await stage.weir(["flows", "unarchive", "report", "1"])).out).toBe(
    "Version 1 of report is kept again. Version 2 runs next.\n",
  );
  expect((await stage.weir(["flows", "archive", "report", "2"])).out).toBe(
    "Version 2 of report is archived. Version 1 runs next.\n",
  );
  expect((await stage.weir(["flows", "archive", "report", "1"])).out).toContain("No version is left");
  expect((await stage.weir(["run", "report", "--no-watch"])).err).toContain("archived");
  await stage.weir(["flows", "unarchive", "report", "2"]);
});

test("settings are set, shown, used by the next run, and given back", async () => {
  const set = [
    "flows",
    "set",
    "report",
    "--description",
    "ours",
    "-p",
    "top=50",
    "--label",
    "gpu",
    "--max-recoveries",
    "2",
  ];
  expect((await stage.weir(set)).code).toBe(0);
  expect((await stage.weir(["flows", "show", "report"])).out).toMatch(
    /about +ours[\s\S]*labels +gpu \(settings\)[\s\S]*of settings +\{"top":50\}[\s\S]*recoveries +at most 2/,
  );
  const { flowRun } = await stage.json<{ flowRun: { id: string } }>(["run", "report", "--no-watch"]);
  expect(await stage.json(["runs", "show", flowRun.id])).toMatchObject({
    flowRun: { parameters: { top: 50 }, labels: ["gpu"] },
  });
  await stage.weir(["runs", "cancel", flowRun.id]);
  const reset = ["param", "label", "description", "max-recoveries"].flatMap((name) => ["--reset", name]);
  expect(await stage.json(["flows", "set", "report", ...reset])).toMatchObject({
    settings: { description: null, parameterDefaults: null, labels: null, maxRecoveries: null },
  });
  expect(await stage.weir(["flows", "set", "report"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("Nothing is to be set"),
  });
  expect(await stage.weir(["flows", "set", "report", "--reset", "all"])).toMatchObject({ code: 2 });
});

test("default parameters are not sent where the policy seals them, and are given back all the same", async () => {
  await stage.weir(["flows", "set", "report", "-p", "top=9"]);
  const policy = join(stage.folder, "sealing.yaml");
  await writeFile(policy, "version: 1\nclasses:\n  parameter: seal\n");
  const env = { WEIR_BOUNDARY_FILE: policy };
  expect(await stage.weir(["flows", "set", "report", "-p", "top=50"], { env })).toMatchObject({
    code: 2,
    err: expect.stringContaining("parameter: seal"),
  });
  expect(await stage.json(["flows", "set", "report", "--reset", "param"], { env })).toMatchObject({
    settings: { parameterDefaults: null },
  });
});

test("a flow moves, and is deleted when that is meant", async () => {
  expect(await stage.weir(["flows", "move", "report", "elsewhere"])).toMatchObject({ code: 4 });
  await stage.weir(["register", "sum.flow.ts", "--project", "elsewhere", "--create-project"]);
  expect((await stage.weir(["flows", "move", "report", "elsewhere"])).out).toContain("in the project elsewhere now");
  const remove = ["flows", "delete", "report", "--project", "elsewhere"];
  expect(await stage.weir(remove)).toMatchObject({ code: 2, err: expect.stringContaining("--yes") });
  expect((await stage.weir([...remove, "--yes"])).out).toBe(
    "report is deleted, with 1 run. Results in your own storage stay.\n",
  );
  expect(await stage.weir([...remove, "--yes"])).toMatchObject({ code: 4 });
});
