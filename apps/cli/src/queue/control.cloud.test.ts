import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliStage, gateFile, setStage } from "../testing/with-cloud.ts";

// Why a run waits, and what people do about many runs, the queue and an agent: command line, cloud, agent and engine, all real.

const FLOW = `
import { existsSync, writeFileSync } from "node:fs";
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";

const wait = task("wait", async (file: string) => {
  writeFileSync(file + ".pid", String(process.pid));
  while (!existsSync(file)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    run.signal.throwIfAborted();
  }
  return file;
});

export default flow("held", { parameters: z.object({ file: z.string() }) }, async ({ file }) => wait(file));
`;

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(true);
  await writeFile(join(stage.folder, "held.flow.ts"), FLOW);
});
afterAll(() => stage.end());

async function begin(file: string): Promise<string> {
  const args = ["run", "held.flow.ts", "-p", `file=${file}`, "--no-watch"];
  return (await stage.json<{ flowRun: { id: string } }>(args)).flowRun.id;
}

async function comesToBe(state: string, id: string): Promise<void> {
  await eventually(async () => {
    const { rows } = await stage.cloud.database.pool.query(`select state from flow_runs where id = $1`, [id]);
    expect(rows).toEqual([{ state }]);
  });
}

const show = async (id: string) => (await stage.weir(["runs", "show", id])).out.replaceAll(/\s+/g, " ");

test("a paused queue is told where somebody asks why a run waits, and goes on by what is told there", async () => {
  const { out } = await stage.weir(["queue", "pause", "--reason", "the disk is full"]);
  expect(out).toMatch(/^.+ paused the queue at .+: the disk is full\n0 runs due\./);
  const file = gateFile(stage, "queue gate");
  await writeFile(file, "");
  const id = await begin(file);
  expect(await show(id)).toMatch(/waits .+ paused the queue at .+: no agent claims a run\. weir queue resume/);
  expect((await stage.weir(["queue", "show"])).out).toContain("1 run due.");
  expect((await stage.weir(["queue", "resume"])).out).toMatch(/^Agents claim runs as they come; /);
  expect((await stage.weir(["runs", "watch", id])).code).toBe(0);
  expect(await show(id)).not.toContain("waits");
});

test("a paused agent claims nothing, and is told as the reason", async () => {
  const [agent] = (await stage.json<{ agents: { name: string }[] }>(["agents", "list"])).agents;
  const name = agent?.name ?? "";
  expect((await stage.weir(["agents", "pause", name, "--reason", "new disk"])).out).toContain("claims nothing");
  const file = gateFile(stage, "agent gate");
  await writeFile(file, "");
  const id = await begin(file);
  expect(await show(id)).toContain("Each agent that could take it is paused");
  expect((await stage.weir(["agents", "resume", name])).out).toContain("claims runs as they come");
  expect((await stage.weir(["runs", "watch", id])).code).toBe(0);
  expect((await stage.weir(["agents", "pause", "nobody"])).code).toBe(4);
});

test("a limit on runs with a label is set, listed and removed", async () => {
  const { out } = await stage.weir(["limits", "set", "gpu", "2", "--runs"]);
  expect(out).toBe("At most 2 runs with the label gpu are held at once. 0 are held now, 0 wait.\n");
  expect((await stage.weir(["limits", "list"])).out).toMatch(/gpu +2 +0 +0/);
  expect((await stage.weir(["limits", "remove", "gpu", "--runs"])).code).toBe(0);
  expect((await stage.weir(["limits", "remove", "gpu", "--runs"])).code).toBe(4);
});

/** Whether a process is there still. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("a run that is set by hand is over, and its real agent stops the process", { timeout: 60_000 }, async () => {
  const gate = gateFile(stage, "hand gate");
  const id = await begin(gate);
  const pid = await eventually(async () => Number(await readFile(`${gate}.pid`, "utf8")));
  expect(lives(pid)).toBe(true);
  expect((await stage.weir(["runs", "set-state", id, "Failed"])).code).toBe(2);
  expect((await stage.weir(["runs", "set-state", id, "Failed", "--reason", "it hangs"])).out).toContain("is Failed.");
  const held = async () =>
    (await stage.json<{ flowRun: { states: { message: string | null }[] } }>(["runs", "show", id])).flowRun.states;
  expect((await held()).at(-1)?.message).toMatch(/ set it to Failed: it hangs$/);
  await eventually(() => !lives(pid), { timeoutMs: 30_000 });
  expect((await held()).at(-1)?.message).toMatch(/ set it to Failed: it hangs$/);
});

test("many runs are cancelled and started again when it is meant, and counted when not", async () => {
  const file = gateFile(stage, "many gate");
  await stage.weir(["queue", "pause"]);
  const ids = [await begin(file), await begin(file), await begin(file)];
  const which = ["--flow", "held", "--created-after", "2020-01-01"];
  const asked = await stage.weir(["runs", "cancel", ...which, "--state", "Scheduled"]);
  expect(asked).toMatchObject({ code: 2, err: expect.stringContaining("This would cancel 3 runs. Add --yes") });
  await comesToBe("Scheduled", ids[0] ?? "");
  expect((await stage.weir(["runs", "cancel", ...which, "--state", "scheduled", "--yes"])).out).toBe(
    "3 runs cancelled, or told to stop.\n",
  );
  expect((await stage.weir(["runs", "restart", ...which, "--state", "Cancelled", "--yes"])).out).toBe(
    "3 runs started again.\n",
  );
  const outcome = await stage.json(["runs", "cancel", ...which, "--state", "Scheduled", "--yes"]);
  expect(outcome).toMatchObject({ changed: 3, left: 0, refused: [] });
  expect((await stage.weir(["runs", "cancel"])).code).toBe(2);
  expect((await stage.weir(["runs", "list", "--created-after", "yesterday"])).code).toBe(2);
  await stage.weir(["queue", "resume"]);
});
