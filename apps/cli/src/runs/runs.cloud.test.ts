import { writeFile } from "node:fs/promises";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliStage, gateFile, setStage } from "../testing/with-cloud.ts";

// Everything that a person does with runs, through real processes and a real cloud.

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(true);
});
afterAll(() => stage.end());

interface RunDocument {
  readonly flowRun: { readonly id: string; readonly state: string; readonly attempt: number };
  readonly taskRuns: readonly { readonly task: string; readonly attempt: number; readonly state: string }[];
  readonly logs: readonly { readonly text: string }[];
}

test("run FILE registers, runs and follows to the end, and no control character of the flow reaches the terminal", async () => {
  const { code, out, err } = await stage.weir(["run", "sum.flow.ts", "-p", "upTo=4"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/is created: [0-9a-f-]{36}/);
  expect(out).toMatch(/✓ double +━+ {2}4 \/ 4/);
  expect(out).toContain("│ total is 20");
  expect(out).toMatch(/✓ add/);
  expect(out).toMatch(/\n✓ Success after/);
  expect(out).not.toContain("\u001b");
});

test("with --json there is one document; logs, show, list and watch tell of the same run", async () => {
  const ran = await stage.json<RunDocument>(["run", "sum.flow.ts", "-p", "upTo=2", "-p", "label=small"]);
  expect(ran).toMatchObject({ code: 0, flowRun: { state: "Success" }, logs: [{ text: "small is 6" }] });
  expect(ran.taskRuns.map(({ task }) => task)).toEqual(["double", "add", "double", "double"]);
  const { id } = ran.flowRun;
  const logs = await stage.weir(["runs", "logs", id]);
  expect(logs.out).toMatch(/^\S+Z info {2}flow: small is 6\n$/);
  const show = await stage.weir(["runs", "show", id]);
  expect(show.out).toMatch(
    /parameters {2}\{"upTo":2,"label":"small"\}[\s\S]*artifacts {3}report \(markdown\)[\s\S]*✓ double ×2/,
  );
  const list = await stage.json<{ flowRuns: { id: string }[] }>([
    "runs",
    "list",
    "--flow",
    "sum",
    "--state",
    "success",
  ]);
  expect(list.flowRuns.map((run) => run.id)).toContain(id);
  expect((await stage.weir(["runs", "watch", id])).code).toBe(0);
  expect(await stage.weir(["runs", "cancel", id])).toMatchObject({
    code: 6,
    err: expect.stringMatching(/is over already \(Success\)/),
  });
  expect(await stage.json(["runs", "show", id])).toMatchObject({
    code: 0,
    flowRun: { id, artifacts: [{ name: "report" }] },
  });
});

test("a run that fails is exit code 1 with its sentence; a restart goes on from there", async () => {
  const file = gateFile(stage, "restart gate");
  await writeFile(file, "fail");
  const failed = await stage.json<RunDocument>(["run", "gate.flow.ts", "-p", `file=${file}`]);
  expect(failed).toMatchObject({ code: 1, flowRun: { state: "Failed", attempt: 1 } });
  const { id } = failed.flowRun;
  const watched = await stage.weir(["runs", "watch", id]);
  expect([watched.code, watched.out]).toEqual([1, expect.stringContaining("the gate says fail")]);
  await writeFile(file, "pass");
  expect(await stage.json(["runs", "restart", id])).toMatchObject({ code: 0, flowRun: { id } });
  expect((await stage.weir(["runs", "watch", id])).code).toBe(0);
  const { taskRuns } = await stage.json<RunDocument>(["runs", "show", id]);
  expect(taskRuns.map(({ task, attempt, state }) => [task, attempt, state])).toEqual([
    ["before", 1, "Success"],
    ["wait", 2, "Success"],
  ]);
});

test("cancel stops a run within seconds; asking twice is fine; what is under way cannot be restarted", async () => {
  const file = gateFile(stage, "never");
  const { flowRun } = await stage.json<RunDocument>(["run", "gate.flow.ts", "--no-watch", "-p", `file=${file}`]);
  const watching = stage.start(["runs", "watch", flowRun.id]);
  await eventually(() => watching.seen.out.includes("waiting"), { timeoutMs: 30_000 });
  const early = await stage.weir(["runs", "restart", flowRun.id]);
  expect([early.code, early.out]).toEqual([6, ""]);
  expect((await stage.weir(["runs", "cancel", flowRun.id])).out).toMatch(/is told to stop/);
  expect(await watching.ended).toMatchObject({ code: 1, out: expect.stringMatching(/■ Cancelled/) });
  expect((await stage.weir(["runs", "cancel", flowRun.id])).code).toBe(0);
});

test("Ctrl-C ends the watching with exit code 130, and not the run", async () => {
  const file = gateFile(stage, "later");
  const watching = stage.start(["run", "gate.flow.ts", "-p", `file=${file}`]);
  await eventually(() => watching.seen.out.includes("waiting"), { timeoutMs: 30_000 });
  watching.child.kill("SIGINT");
  const { code, out, err } = await watching.ended;
  expect([code, err]).toEqual([130, "\nInterrupted.\n"]);
  const id = /is created: (\S+)/.exec(out)?.[1] ?? "";
  await writeFile(file, "pass");
  expect((await stage.weir(["runs", "watch", id])).code).toBe(0);
});

test("logs can be followed to the end", async () => {
  const file = gateFile(stage, "follow");
  const { flowRun } = await stage.json<RunDocument>(["run", "gate.flow.ts", "--no-watch", "-p", `file=${file}`]);
  const following = stage.start(["runs", "logs", flowRun.id, "--follow"]);
  await eventually(() => following.seen.out.includes("wait: waiting"), { timeoutMs: 30_000 });
  await writeFile(file, "pass");
  expect((await following.ended).code).toBe(0);
});

test("an idempotency key answers the same run again", async () => {
  const args = ["run", "sum", "-p", "upTo=1", "--no-watch", "--idempotency-key", "monday"];
  const first = await stage.json<RunDocument & { flowRun: { created: boolean } }>(args);
  const second = await stage.json<RunDocument & { flowRun: { created: boolean } }>(args);
  expect([first.flowRun.created, second.flowRun.created, second.flowRun.id]).toEqual([true, false, first.flowRun.id]);
});

test("colours only where they are wanted", async () => {
  const plain = await stage.weir(["runs", "list"]);
  expect(plain.out).not.toContain("\u001b");
  const forced = await stage.weir(["runs", "list"], { env: { FORCE_COLOR: "1" } });
  expect(forced.out).toContain("\u001b[");
  const refused = await stage.weir(["runs", "list"], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
  expect(refused.out).not.toContain("\u001b");
});

test("a run that nobody here may take says what is missing", async () => {
  const { code, out } = await stage.weir(["run", "sum", "-p", "upTo=1", "--no-watch", "--label", "gpu"]);
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(
      /No agent that is online has the labels gpu, so the run waits. Start one: weir agent start --label gpu/,
    ),
  ]);
});
