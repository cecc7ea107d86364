import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "../api-keys/api-keys.ts";
import { type DoorFixture, makeTenant, startDoor, TestAgent } from "./testing/door-fixture.ts";

// Claims beside others that wait, of a cloud that polls once an hour: what is not told by NOTIFY is found by whoever looks.
let door: DoorFixture;
let first: TestAgent;
beforeAll(async () => {
  door = await startDoor({ pollSeconds: 3600 });
  first = await door.enrol("first");
});
afterAll(() => door.stop());

/** Waits until the agents of these names are known by this label. That is written half a second after their claims came, and looked. */
async function heardOf(label: string, ...names: string[]): Promise<void> {
  await eventually(async () => {
    const { rows } = await door.pool.query(`select name from agents where labels = array[$1] order by name`, [label]);
    expect(rows.map(({ name }: { name: string }) => name)).toEqual(names);
  });
}

const createForLater = () => door.create({ scheduledStartTime: new Date(Date.now() + 3_600_000) });

/** Its time comes, and nobody is told. */
const comesDueSilently = (id: string) =>
  door.pool.query(`update flow_runs set scheduled_start_time = now() where id = $1`, [id]);

test("a claim that comes where another of its kind waits leaves the looking to that one, unless it cannot wait", async () => {
  const [second, silent] = [await door.enrol("second"), await createForLater()];
  const waiting = first.claim({ waitSeconds: 30, labels: ["a"] });
  await heardOf("a", "first");
  await comesDueSilently(silent);
  expect((await second.claim({ waitSeconds: 0.2, labels: ["a"] })).runs).toEqual([]);
  expect((await second.claimOne({ labels: ["a"] })).runId).toBe(silent);
  const told = await door.create();
  expect((await waiting).runs.map(({ runId }) => runId)).toEqual([told]);
});

test("a claim of another kind looks itself", async () => {
  const [second, silent] = [await door.enrol("second"), await createForLater()];
  const waiting = first.claim({ waitSeconds: 30, labels: ["b"] });
  await heardOf("b", "first");
  await comesDueSilently(silent);
  expect((await second.claimOne({ waitSeconds: 30, labels: ["c"] })).runId).toBe(silent);
  const told = await door.create();
  expect((await waiting).runs.map(({ runId }) => runId)).toEqual([told]);
});

test("a run for later that is created while a claim waits is claimed when it comes due", async () => {
  const waiting = first.claim({ waitSeconds: 30, labels: ["d"] });
  await heardOf("d", "first");
  const id = await door.create({ scheduledStartTime: new Date(Date.now() + 300) });
  expect((await waiting).runs.map(({ runId }) => runId)).toEqual([id]);
});

test("agents of different tenants that come at one moment are all written down", async () => {
  const tenantId = await makeTenant(door.pool);
  const { key } = await createApiKey(door.pool, door.secrets, { tenantId, name: "other", scope: "agent" });
  const stranger = await TestAgent.enrol(door.cloud.url, key, "stranger");
  await Promise.all([first.claim({ labels: ["e"] }), stranger.claim({ labels: ["e"] })]);
  await heardOf("e", "first", "stranger");
});
