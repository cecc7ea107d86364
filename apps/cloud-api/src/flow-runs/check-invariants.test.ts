import { afterAll, beforeEach, beforeAll, expect, test } from "vitest";
import { type DoorFixture, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, log, task } from "../run-door/testing/events.ts";
import { checkInvariants } from "./check-invariants.ts";

let door: DoorFixture;
let agent: TestAgent;
let runId: string;
beforeAll(async () => {
  door = await startDoor();
  agent = await door.enrol();
});
afterAll(() => door.stop());

// One run that is well and over, and one that is broken by each test and put away after it.
beforeEach(async () => {
  for (const table of ["logs", "artifacts", "task_run_states", "task_runs", "flow_run_states", "flow_runs"])
    await door.pool.query(`delete from ${table}`);
  for (const _ of [1, 2]) {
    runId = await door.create();
    const run = await agent.claimOne();
    await agent.reported(run, 1, [
      flow("Running"),
      declare(1),
      task(1, "Running"),
      log("a"),
      task(1, "Success"),
      flow("Success"),
    ]);
  }
});

async function after(...statements: string[]): Promise<string> {
  expect(await checkInvariants(door.pool)).toEqual([]);
  for (const statement of statements) await door.pool.query(statement.replaceAll("$run", `'${runId}'::uuid`));
  const violations = await checkInvariants(door.pool);
  expect(violations.every((violation) => violation.startsWith(`flow run ${runId}: `))).toBe(true);
  return violations.join("\n");
}

const CASES: Record<string, [statement: string, told: string]> = {
  "a history row is missing": [
    `delete from flow_run_states where flow_run_id = $run and version = 3`,
    "the history has a gap",
  ],
  "the run's state was changed past the history": [
    `update flow_runs set state = 'Failed' where id = $run`,
    "not in the state of its newest",
  ],
  "a log line is missing": [`delete from logs where flow_run_id = $run`, "not numbered 1, 2, 3"],
  "a task's history row is missing": [
    `delete from task_run_states where flow_run_id = $run and number = 3`,
    "not numbered 1, 2, 3",
  ],
  "an event is stored twice": [
    `insert into logs select tenant_id, flow_run_id, at, 3, attempt, level, task_run_number, logger, text from logs where flow_run_id = $run`,
    "stands in two rows",
  ],
  "the run's event number is behind": [
    `update flow_runs set event_number = 4 where id = $run`,
    "number of its last event",
  ],
  "an attempt was counted that nobody claimed": [
    `update flow_runs set attempt = 2 where id = $run`,
    "attempts are not counted",
  ],
  "a second attempt began while the first held the run": [
    `update flow_run_states set state = 'Submitted' where flow_run_id = $run and version = 3`,
    "began while another one held the run",
  ],
  "something was stored after the end": [
    `insert into logs select tenant_id, flow_run_id, at, 7, attempt, level, task_run_number, logger, text from logs where flow_run_id = $run`,
    "after the end of an attempt",
  ],
  "a task run stands elsewhere than its history": [
    `update task_runs set state = 'Failed' where flow_run_id = $run`,
    "does not show its newest",
  ],
  "a task run is gone": [`delete from task_runs where flow_run_id = $run`, "a task run that does not exist"],
  "a task run was left open": [
    `update task_runs set state = 'Running' where flow_run_id = $run`,
    "the run is over, but a task run is not",
  ],
  "the end has no time": [`update flow_runs set ended_at = null where id = $run`, "an end without its time"],
  "the flow run made an illegal move": [
    `update flow_run_states set state = 'Paused' where flow_run_id = $run and version = 2`,
    "illegal move Paused → Running",
  ],
  "a task run made an illegal move": [
    `update task_run_states set state = 'Looped' where flow_run_id = $run and number = 2`,
    "a task run made the illegal move (nothing) → Looped",
  ],
};

test.each(Object.entries(CASES))("it is noticed when %s", async (_name, [statement, told]) => {
  expect(await after(statement)).toContain(told);
});

test("it is noticed when more task runs hold a slot than there are, and when one holds a part of its slots", async () => {
  runId = await door.create();
  await agent.reported(await agent.claimOne(), 1, [flow("Running"), declare(1), declare(2)]);
  await door.pool.query(
    `insert into task_limits select id, 'db', 1, now() - interval '1 minute' from tenants where id = $1`,
    [door.tenantId],
  );
  const hold = (number: number, tag: string, granted: string) =>
    `insert into task_slots (tenant_id, flow_run_id, number, tag, attempt, event_number, position, granted_at)
     select tenant_id, id, ${number}, '${tag}', 1, 3, ${number}, ${granted} from flow_runs where id = $run`;
  expect(await after(hold(1, "db", "now()"))).toBe("");
  const told = await after(hold(2, "db", "now()"));
  expect(told).toMatch(/more task runs hold a slot of a tag than its limit allows.*tag db of tenant \S+: 2 of 1/);
  await door.pool.query(`update task_limits set changed_at = now() + interval '1 minute'`);
  expect(await after()).toBe("");
  expect(await after(hold(2, "api", "null"))).toContain("holds the slots of some of its tags and waits for others");
  await door.pool.query(`delete from task_slots`);
  await door.pool.query(`delete from task_limits`);
});
