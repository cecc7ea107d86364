import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorFixture, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { flow, log } from "../run-door/testing/events.ts";
import { SEAL_KEY_COLUMNS } from "../seal-keys/seal-key.sql.ts";
import { SqlRows } from "../sql-rows.ts";
import { requireFlowRun } from "./read-flow-run.ts";
import {
  ARTIFACT_COLUMNS,
  CACHED_RESULT_COLUMNS,
  changeStatement,
  LOG_COLUMNS,
  type Parts,
  STATE_COLUMNS,
  TASK_RUN_COLUMNS,
  TASK_RUN_RARE_COLUMNS,
  TASK_RUN_STATE_COLUMNS,
} from "./set-flow-run-state.sql.ts";
import { type FlowRunChange, setFlowRunState } from "./set-flow-run-state.ts";

let door: DoorFixture;
let agent: TestAgent;
let runId: string;
beforeAll(async () => {
  door = await startDoor();
  agent = await door.enrol();
  runId = await door.create();
  await agent.reported(await agent.claimOne(), 1, [flow("Running"), log("one"), log("two")]);
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

const changeOf = (view: FlowRunChange["view"]): FlowRunChange => ({
  view,
  moves: [{ state: "Cancelling", at: null, eventNumber: null, message: "asked", failure: null }],
  eventNumber: view.eventNumber,
});

test("a decision is written only where everything that it was made on still holds", async () => {
  const view = await requireFlowRun(door.pool, door.tenantId, runId);
  const others = [
    { attempt: view.attempt - 1 },
    { attempt: view.attempt + 1 },
    { stateVersion: view.stateVersion - 1 },
    { eventNumber: view.eventNumber - 1 },
    { eventNumber: view.eventNumber + 1 },
    { tenantId: makeId() },
    { runId: makeId() },
  ];
  for (const other of others) expect(await setFlowRunState(door.pool, changeOf({ ...view, ...other }))).toBe(false);
  expect(await setFlowRunState(door.pool, { ...changeOf(view), onlyWhenExpired: true })).toBe(false);
  expect(await requireFlowRun(door.pool, door.tenantId, runId)).toEqual(view);
  expect(await setFlowRunState(door.pool, changeOf(view))).toBe(true);
  expect((await door.run(runId)).history.at(-1)).toBe("Cancelling");
});

test("of ten that decide on the same view at once, one is written", async () => {
  const view = await requireFlowRun(door.pool, door.tenantId, await door.create());
  const cancelled: FlowRunChange = {
    ...changeOf(view),
    moves: [{ ...changeOf(view).moves[0], state: "Cancelled" } as never],
  };
  const written = await Promise.all(Array.from({ length: 10 }, () => setFlowRunState(door.pool, cancelled)));
  expect(written.filter(Boolean)).toHaveLength(1);
});

test("the names of prepared statements are short enough for Postgres, and tell the mixes apart", () => {
  const everything: Parts = {
    onlyWhenExpired: true,
    states: new SqlRows(STATE_COLUMNS),
    taskRuns: new SqlRows(TASK_RUN_COLUMNS),
    taskRunStates: new SqlRows(TASK_RUN_STATE_COLUMNS),
    logs: new SqlRows(LOG_COLUMNS),
    artifacts: new SqlRows(ARTIFACT_COLUMNS),
    cachedResults: new SqlRows(CACHED_RESULT_COLUMNS),
    sealKeys: new SqlRows(SEAL_KEY_COLUMNS),
    pauseOrder: null,
    notify: ["work", "order", "run"],
    asksFreed: true,
  };
  const less: Partial<Parts>[] = [
    {},
    { states: null },
    { logs: null },
    { sealKeys: null },
    { onlyWhenExpired: false },
    { notify: ["run"] },
    { pauseOrder: "pause" },
    { taskRuns: new SqlRows(TASK_RUN_RARE_COLUMNS) },
    { cachedResults: null },
    { asksFreed: false },
  ];
  const names = less.map((parts) => changeStatement({ ...everything, ...parts }).name);
  expect(new Set(names).size).toBe(less.length);
  expect(names[0]?.length).toBeLessThan(64);
});
