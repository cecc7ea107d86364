import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliStage, gateFile, setStage } from "../testing/with-cloud.ts";

// A tag's limit, an approval and a pause, by hand: command line, cloud, agent and engine, all real.

const TAGGED_FLOW = `
import { existsSync } from "node:fs";
import { flow, pause, run, task } from "@weir/sdk";
import { z } from "zod";

const wait = task("wait", { tags: ["gate"] }, async (file: string) => {
  while (!existsSync(file)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    run.signal.throwIfAborted();
  }
  return file;
});
const check = task("check", (file: string) => {
  if (!run.approved) throw pause("are the figures right?");
  return file;
});

export default flow("tagged", { parameters: z.object({ file: z.string(), ask: z.boolean() }) }, async ({ file, ask }) => {
  return ask ? await check(file) : await wait(file);
});
`;

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(true);
  await writeFile(join(stage.folder, "tagged.flow.ts"), TAGGED_FLOW);
});
afterAll(() => stage.end());

interface RunDocument {
  readonly flowRun: { readonly id: string; readonly state: string };
}

async function begin(file: string, ask: boolean): Promise<string> {
  const run = ["run", "tagged.flow.ts", "-p", `file=${file}`, "-p", `ask=${ask}`, "--no-watch"];
  return (await stage.json<RunDocument>(run)).flowRun.id;
}

async function comesToBe(condition: string, id: string): Promise<void> {
  await eventually(async () => {
    const { rows } = await stage.cloud.database.pool.query(`select from flow_runs where id = $1 and ${condition}`, [
      id,
    ]);
    expect(rows).toHaveLength(1);
  });
}

test("a limit is set, lets one task run at a time, shows who holds it and who waits, and is removed", async () => {
  expect((await stage.weir(["limits", "list"])).out).toBe("No tag has a limit. Set one: weir limits set TAG SLOTS\n");
  expect((await stage.weir(["limits", "set", "gate", "1"])).out).toMatch(
    /^At most 1 tasks with the tag gate run at once/,
  );
  const file = gateFile(stage, "tagged gate");
  const runs = [await begin(file, false), await begin(file, false)];
  await comesToBe("exists (select from task_slots where granted_at is null)", runs[1] ?? "");
  const { out } = await stage.weir(["limits", "list"]);
  expect(out).toMatch(/gate +1 +1 +1\b/);
  expect(out).toMatch(/wait \(1\) of tagged-\w+, since .*\n +wait \(1\) of tagged-\w+, waits since /);
  await writeFile(file, "");
  for (const id of runs) expect((await stage.weir(["runs", "watch", id])).code).toBe(0);
  expect((await stage.weir(["limits", "remove", "gate"])).code).toBe(0);
  expect(await stage.weir(["limits", "remove", "gate"])).toMatchObject({
    code: 4,
    err: expect.stringContaining('The tag "gate" has no limit'),
  });
});

test("a run that waits for a person says how to approve it, and goes on when that is done", async () => {
  const id = await begin("nothing", true);
  await comesToBe("state = 'Paused'", id);
  const { out } = await stage.weir(["runs", "show", id]);
  expect(out).toContain(`Waits for a person\n  check: are the figures right?\n    weir runs approve ${id} 1\n`);
  expect((await stage.weir(["runs", "approve", id, "1", "--message", "they are"])).out).toContain("is approved");
  expect((await stage.weir(["runs", "watch", id])).code).toBe(0);
  expect(await stage.weir(["runs", "approve", id, "1"])).toMatchObject({
    code: 6,
    err: expect.stringContaining("the flow run is over (Success)"),
  });
});

test("a run is paused and goes on, by hand", async () => {
  const file = gateFile(stage, "pause gate");
  const id = await begin(file, false);
  await comesToBe("state = 'Running'", id);
  expect((await stage.weir(["runs", "pause", id])).out).toContain("begins no further task");
  await stage.weir(["runs", "resume", id]);
  await writeFile(file, "");
  expect((await stage.weir(["runs", "watch", id])).code).toBe(0);
  expect((await stage.weir(["runs", "resume", id])).code).toBe(6);
});
