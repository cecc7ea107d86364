import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorFixture, startDoor } from "./testing/door-fixture.ts";
import { declare, flow, task } from "./testing/events.ts";

let door: DoorFixture;
beforeAll(async () => {
  door = await startDoor();
});
afterAll(async () => await door.stop());

test("a name that is rendered from inputs comes with the first try, and stays; one that was declared is replaced by it", async () => {
  const agent = await door.enrol();
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), declare(1), declare(2, { runName: "declared" }), declare(3)]);
  await agent.reported(run, 5, [
    task(1, "Running", { runName: "load monday" }),
    task(2, "Running", { runName: "rendered" }),
    task(3, "Running"),
  ]);
  await agent.reported(run, 8, [task(1, "Success")]);
  const { rows } = await door.pool.query("select run_name from task_runs where flow_run_id = $1 order by number", [
    run.runId,
  ]);
  expect(rows).toEqual([{ run_name: "load monday" }, { run_name: "rendered" }, { run_name: null }]);
});
