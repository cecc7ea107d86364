import type { ClaimedRun } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorFixture, startDoor, type TestAgent } from "./testing/door-fixture.ts";
import { declare, flow, task } from "./testing/events.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor();
  agent = await door.enrol();
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

async function begin(): Promise<ClaimedRun> {
  await door.create();
  return await agent.claimOne();
}

async function again(run: ClaimedRun): Promise<ClaimedRun> {
  await agent.release(run, "drain");
  return await agent.claimOne();
}

const LOOPED = [
  flow("Running"),
  declare(1),
  task(1, "Running"),
  task(1, "Looped", { loopCount: 1, location: "turn 1", resultBytes: 5 }),
  task(1, "Running"),
];

test("how many turns are over, and where the last one's value lies, is known to every later attempt until the task ends", async () => {
  const first = await begin();
  await agent.reported(first, 1, LOOPED);
  await agent.reported(first, 6, [task(1, "Looped", { loopCount: 2, location: "turn 2" }), task(1, "Running")]);
  const second = await again(first);
  expect(second.known).toMatchObject([{ number: 1, state: "Running", loopCount: 2, location: "turn 2" }]);
  await agent.reported(second, 1, [flow("Running"), declare(1)]);
  const third = await again(second);
  expect(third.known).toMatchObject([{ number: 1, state: "Pending", loopCount: 2, location: "turn 2" }]);
  await agent.reported(third, 1, [
    flow("Running"),
    declare(1),
    task(1, "Running"),
    task(1, "Success", { location: "end" }),
  ]);
  const fourth = await again(third);
  expect(fourth.known).toMatchObject([{ state: "Success", location: "end" }]);
});

test("a task run that had succeeded and runs again begins with its first turn", async () => {
  const first = await begin();
  await agent.reported(first, 1, [...LOOPED, task(1, "Success", { location: "end" })]);
  const second = await again(first);
  await agent.reported(second, 1, [flow("Running"), declare(1)]);
  const [known] = (await again(second)).known;
  expect(known).not.toHaveProperty("loopCount");
  expect(known).not.toHaveProperty("location");
});

test("a turn that is tried again tells both, and a task without turns has no such count", async () => {
  const first = await begin();
  await agent.reported(first, 1, [
    ...LOOPED,
    declare(2),
    task(1, "Retrying", { loopCount: 1, startTime: 1_700_000_000_000, tryNumber: 2 }),
  ]);
  const { known } = await again(first);
  expect(known).toMatchObject([{ state: "Retrying", loopCount: 1, location: "turn 1" }, { number: 2 }]);
  expect(known[1]).not.toHaveProperty("loopCount");
});
