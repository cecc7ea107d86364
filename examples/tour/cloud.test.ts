import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SECRET, setStage, type ShownRun, type Stage } from "./testing/stage.ts";

// Each example through registration, cloud and agent, as its first lines say. States are looked at, never times.

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.end());

/** How many task runs of each task ended in which state: `{ "load Success": 1 }`. */
function counts({ taskRuns }: ShownRun, attempt?: number): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const run of taskRuns) {
    if (attempt !== undefined && run.attempt !== attempt) continue;
    const name = `${run.task} ${run.state}`;
    counted[name] = (counted[name] ?? 0) + 1;
  }
  return counted;
}

const show = async (id: string): Promise<ShownRun> => await stage.weir("runs", "show", id);

test("etl", async () => {
  const run = await stage.weir("run", "etl.flow.ts");
  expect(run.flowRun.state).toBe("Success");
  expect(counts(run)).toEqual({
    "extract Success": 1,
    "clean Success": 1,
    "months Success": 1,
    "summarize Mapped": 1,
    "summarize Success": 48,
    "load Success": 1,
  });
});

test("fan-out of a thousand", async () => {
  const run = await stage.weir("run", "fan-out.flow.ts", "-p", "routes=1000");
  expect(run.flowRun.state).toBe("Success");
  expect(counts(run)).toEqual({
    "routes Success": 1,
    "delay Mapped": 1,
    "delay Success": 1_000,
    "worst Success": 1,
  });
});

test("caching: the second run of the same year finds what the first has cached", async () => {
  const first = await stage.weir("run", "caching.flow.ts", "-p", "year=2014");
  const second = await stage.weir("run", "caching.flow.ts", "-p", "year=2014");
  const other = await stage.weir("run", "caching.flow.ts", "-p", "year=2015");
  expect([first, second, other].map((run) => [run.flowRun.state, counts(run)])).toEqual(
    Array.from({ length: 3 }, () => ["Success", { "rain Cached": 1 }]),
  );
  expect([first, second, other].map(({ logs }) => logs.map(({ text }) => text))).toEqual([
    ["computing 2014"],
    [],
    ["computing 2015"],
  ]);
});

test("restart after a crash: what had succeeded stays", async () => {
  const crashed = await stage.weir("run", "crash.flow.ts", "-p", "crash=true");
  expect(crashed.flowRun).toMatchObject({ state: "Crashed", attempt: 1 });
  const { id } = crashed.flowRun;
  await stage.weir("runs", "restart", id);
  await stage.weir("runs", "watch", id);
  const run = await show(id);
  expect(run.flowRun).toMatchObject({ state: "Success", attempt: 2 });
  expect(counts(run, 1)).toEqual({ "read Success": 1, "summarize Success": 3, "summarize Mapped": 1 });
  expect(counts(run, 2)).toEqual({ "summarize Success": 9, "total Success": 1 });
});

test("subflows are task runs with task runs below them", async () => {
  const run = await stage.weir("run", "subflows.flow.ts", "--flow", "four-years");
  expect(run.flowRun.state).toBe("Success");
  expect(counts(run)).toMatchObject({ "year Success": 4, "wettest Success": 4, "compare Success": 1 });
  const years = run.taskRuns.filter(({ task }) => task === "year").map(({ number }) => number);
  const wettest = run.taskRuns.filter(({ task }) => task === "wettest").map(({ parent }) => parent);
  expect(new Set(wettest)).toEqual(new Set(years));
});

test("elsewhere: other runs are started and waited for", async () => {
  await stage.weir("register", "subflows.flow.ts");
  const run = await stage.weir("run", "elsewhere.flow.ts");
  expect(run.flowRun.state).toBe("Success");
  const { flowRuns } = await stage.weir<{ flowRuns: { state: string }[] }>("runs", "list", "--flow", "year");
  expect(flowRuns.map(({ state }) => state)).toEqual(["Success", "Success"]);
});

test("scheduled: the cloud makes its next runs, for six in the morning in Seattle; by hand it runs now", async () => {
  await stage.weir("register", "scheduled.flow.ts");
  const { flowRuns } = await eventually(async () => {
    const scheduled = ["runs", "list", "--flow", "morning-weather", "--state", "scheduled"];
    const listed = await stage.weir<{ flowRuns: { scheduledStartTime: string }[] }>(...scheduled);
    return listed.flowRuns.length > 0 && listed;
  });
  const options = { timeZone: "America/Los_Angeles", hour: "numeric", minute: "numeric" } as const;
  for (const { scheduledStartTime } of flowRuns)
    expect(new Date(scheduledStartTime).toLocaleTimeString("en-US", options)).toMatch(/^0?6:00 AM$/);
  expect((await stage.weir("run", "scheduled.flow.ts")).flowRun.state).toBe("Success");
});

test("secrets: what a task logs and throws by mistake arrives without the value", async () => {
  const run = await stage.weir("run", "secrets.flow.ts");
  expect([run.flowRun.state, run.logs[0]?.text]).toEqual(["Success", "asking with [redacted]"]);
  const failed = await stage.weir("run", "secrets.flow.ts", "-p", "date=2016-01-01");
  expect(failed.flowRun.state).toBe("Failed");
  const told = JSON.stringify([run, failed]);
  expect(told).toContain("the key [redacted] has no day 2016-01-01");
  expect(told).not.toContain(SECRET);
});

test("approval: a large sum waits for a person, and holds no agent", async () => {
  const paid = await stage.weir("run", "approval.flow.ts");
  expect(paid.flowRun.state).toBe("Success");
  const { flowRun } = await stage.weir("run", "approval.flow.ts", "-p", "perFlight=100", "--no-watch");
  const paused = await eventually(async () => {
    const run = await show(flowRun.id);
    return run.flowRun.state === "Paused" && run;
  });
  const waiting = paused.taskRuns.find(({ state }) => state === "Paused");
  expect(waiting?.task).toBe("pay");
  await stage.weir("runs", "approve", flowRun.id, String(waiting?.number), "--message", "looks right");
  await stage.weir("runs", "watch", flowRun.id);
  const run = await show(flowRun.id);
  expect([run.flowRun.state, counts(run, 1), counts(run, 2)]).toEqual([
    "Success",
    { "find-late Success": 1 },
    { "pay Success": 1 },
  ]);
});
