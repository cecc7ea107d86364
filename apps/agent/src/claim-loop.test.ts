import { expect, test } from "vitest";
import { eventually } from "./testing/eventually.ts";
import { startFakeCloud } from "./testing/fake-cloud.ts";
import { startRecordedAgent } from "./testing/start.ts";

test("a run that comes while the agent waits is handed to the runner at once", async () => {
  const cloud = await startFakeCloud();
  const { host } = await startRecordedAgent(cloud, { labels: ["eu"], projects: ["default"], capacity: 3 });
  await eventually("a held poll", () => cloud.held === 1);
  const run = cloud.offer();
  await eventually("the run", () => host.runs.get(run.runId));
  expect(cloud.claims[0]).toMatchObject({ room: 3, labels: ["eu"], projects: ["default"], holding: [] });
  expect(cloud.claims[0]?.waitSeconds).toBeGreaterThanOrEqual(24);
  expect(cloud.enrolments).toEqual([expect.objectContaining({ name: "test", capacity: 3, launchers: ["process"] })]);
});

test.for([
  ["counts a lease from when it was granted, not from when the claim was sent half a minute before", 29, 30_000],
  ["never counts from later than now, whatever the cloud says", 3_600, 31_000],
  ["counts from when the claim was sent when the cloud does not say", undefined, 1_000],
] as const)("an agent %s", async ([, waitedSeconds, grantedAt]) => {
  const cloud = await startFakeCloud();
  const clock = { now: 1_000 };
  const { host } = await startRecordedAgent(cloud, {}, { now: () => clock.now });
  await eventually("a held poll", () => cloud.held === 1);
  clock.now = 31_000;
  cloud.waitedSeconds = waitedSeconds;
  const run = cloud.offer();
  const held = await eventually("the run", () => host.runs.get(run.runId));
  expect(held.grantedAt).toBe(grantedAt);
});

test("a full agent asks without room, hears orders, and asks anew as soon as there is room", async () => {
  const cloud = await startFakeCloud();
  const { host } = await startRecordedAgent(cloud, { capacity: 1 });
  const [first, second] = [cloud.offer(), cloud.offer()];
  const held = await eventually("the first run", () => host.runs.get(first.runId));
  await eventually("a poll without room", () => cloud.claims.at(-1)?.room === 0 && cloud.held === 1);
  cloud.order(first.runId, { kind: "slots", numbers: [3] });
  await eventually("the order", () => held.orders.length > 0);
  expect(held.orders[0]).toEqual({ kind: "slots", numbers: [3] });
  expect(host.runs.has(second.runId)).toBe(false);
  held.end();
  await eventually("the second run", () => host.runs.has(second.runId));
});

test("an order that stands is forwarded once, and does not make the poll spin", async () => {
  const cloud = await startFakeCloud();
  const { host } = await startRecordedAgent(cloud, { capacity: 2 });
  const run = cloud.offer();
  const held = await eventually("the run", () => host.runs.get(run.runId));
  cloud.order(run.runId, { kind: "cancel" });
  await eventually(
    "a poll that leaves the cancelled run out",
    () => cloud.held === 1 && cloud.claims.at(-1)?.holding.length === 0,
  );
  expect(held.orders).toEqual([{ kind: "cancel" }]);
});

test("an order for a run that is not here is no error", async () => {
  const cloud = await startFakeCloud();
  const { host, agent } = await startRecordedAgent(cloud);
  const run = cloud.offer();
  const held = await eventually("the run", () => host.runs.get(run.runId));
  await eventually("a poll that names it", () => cloud.claims.at(-1)?.holding.includes(run.runId) && cloud.held === 1);
  held.end();
  await eventually("its end", () => agent.health().heldRuns.length === 0);
  cloud.order(run.runId, { kind: "cancel" });
  const next = cloud.offer();
  await eventually("the next run", () => host.runs.has(next.runId));
  expect(held.orders).toEqual([]);
});

test("a session that the cloud forgot is renewed without a word", async () => {
  const cloud = await startFakeCloud();
  const { host, log } = await startRecordedAgent(cloud);
  await eventually("a held poll", () => cloud.held === 1);
  cloud.forgetSessions();
  await eventually("a second enrolment", () => cloud.enrolments.length === 2);
  const run = cloud.offer();
  await eventually("a run by the new session", () => host.runs.has(run.runId));
  expect(log.lines.filter((line) => line.startsWith("warn") || line.startsWith("error"))).toEqual([]);
});

test("a session is renewed at four fifths of its life", async () => {
  const cloud = await startFakeCloud();
  cloud.sessionSeconds = 0.2;
  await startRecordedAgent(cloud);
  await eventually("renewals", () => cloud.enrolments.length >= 3);
});

test("a cloud that goes away and comes back costs one warning, and claims go on", async () => {
  const cloud = await startFakeCloud();
  const { host, log } = await startRecordedAgent(cloud);
  await eventually("a held poll", () => cloud.held === 1);
  await cloud.stop();
  await eventually("the warning", () => log.lines.some((line) => line.startsWith("warn: The cloud at")));
  await cloud.start();
  cloud.forgetSessions();
  const run = cloud.offer();
  await eventually("the run", () => host.runs.has(run.runId));
  expect(log.lines.filter((line) => line.startsWith("warn"))).toHaveLength(1);
  expect(log.lines.some((line) => line.startsWith("info: The cloud answers again"))).toBe(true);
});
