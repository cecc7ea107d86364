import { makeId, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { expect, test } from "vitest";
import { KnownRuns } from "./known-runs.ts";
import type { RunView, TaskRunView } from "./run-view.ts";

const tenantId = makeId();
const taskRun = (state: StateName): TaskRunView => ({ state, attempt: 1, tryNumber: 1 });
const view = (runId: string, more: Partial<RunView> = {}): RunView => ({
  tenantId,
  runId,
  flowId: makeId(),
  state: "Running",
  attempt: 1,
  stateVersion: 3,
  eventNumber: 0,
  recoveries: 0,
  agentName: null,
  orderVersion: 0,
  pauseOrder: null,
  ...more,
});

/** A database of runs without task runs, that counts how often it is asked. */
function memory(most?: number, more: Partial<RunView> = {}) {
  const asked: string[] = [];
  const query = async ({ name, values }: { name: string; values: string[] }) => {
    asked.push(name);
    return { rows: name === "read-flow-run" ? [view(values[1] ?? "", more)] : [{ number: 7, ...taskRun("Running") }] };
  };
  return { asked, runs: new KnownRuns({ query } as unknown as Pool, most) };
}

async function follow(runs: KnownRuns, runId: string, taskRuns: number): Promise<void> {
  const run = await runs.get(tenantId, runId);
  if (run === null) throw new Error("unknown");
  const moved = Array.from({ length: taskRuns }, (_, i) => [i + 1, taskRun("Success")] as const);
  runs.keep(run, { ...run.view, eventNumber: taskRuns }, moved);
}

test("a run is read once, and then followed", async () => {
  const { asked, runs } = memory();
  const runId = makeId();
  await follow(runs, runId, 3);
  const run = await runs.get(tenantId, runId);
  expect(run).toMatchObject({ fresh: false, complete: true, view: { eventNumber: 3 } });
  expect(asked).toEqual(["read-flow-run"]);
});

test("a run of another tenant is not given from memory", async () => {
  const { asked, runs } = memory();
  const runId = makeId();
  await follow(runs, runId, 1);
  await runs.get(makeId(), runId);
  expect(asked).toEqual(["read-flow-run", "read-flow-run"]);
});

test("of a run that others began, only what is not known is read, and it does not replace what is", async () => {
  const { asked, runs } = memory(undefined, { eventNumber: 9 });
  const run = await runs.get(tenantId, makeId());
  if (run === null) throw new Error("unknown");
  runs.keep(run, run.view, [[1, taskRun("Success")]]);
  expect([...(await runs.taskRunsOf(run, [1], false)).keys()]).toEqual([1]);
  expect((await runs.taskRunsOf(run, [1, 7], false)).get(7)?.state).toBe("Running");
  expect(run.taskRuns.has(7)).toBe(false);
  expect(asked).toEqual(["read-flow-run", "some-task-runs"]);
});

test("the memory is bounded: runs that reported longest ago give way", async () => {
  const { asked, runs } = memory(100);
  const [first, second, third] = [makeId(), makeId(), makeId()];
  await follow(runs, first, 40);
  await follow(runs, second, 40);
  for (let again = 0; again < 50; again += 1) await follow(runs, first, 40);
  await follow(runs, third, 40);
  asked.length = 0;
  await runs.get(tenantId, first);
  await runs.get(tenantId, third);
  expect(asked).toEqual([]);
  await runs.get(tenantId, second);
  expect(asked).toEqual(["read-flow-run"]);
});

test("a run that is over is forgotten", async () => {
  const { asked, runs } = memory();
  const runId = makeId();
  const run = await runs.get(tenantId, runId);
  if (run === null) throw new Error("unknown");
  runs.keep(run, { ...run.view, state: "Success" }, []);
  await runs.get(tenantId, runId);
  expect(asked).toHaveLength(2);
});
