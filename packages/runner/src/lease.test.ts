import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Fence } from "./fence.ts";
import { fenceAt, graceBeforeEnd, heartbeatAt, leaseEndsAt, reportTimeoutMs, saneLease } from "./lease.ts";
import { eventually } from "./testing/eventually.ts";
import { setStage } from "./testing/stage.ts";

const lease = { sentAt: 1_000, leaseMs: 45_000 };

test("the fence stands at two thirds of the lease, counted from when the acknowledged report was sent", () => {
  expect(fenceAt(lease)).toBe(31_000);
  expect(leaseEndsAt(lease)).toBe(46_000);
});

test("the grace never reaches to the end of the lease", () => {
  expect(graceBeforeEnd(lease, 31_000, 10_000)).toBe(10_000);
  expect(graceBeforeEnd(lease, 36_000, 10_000)).toBe(8_000);
  expect(graceBeforeEnd(lease, 50_000, 10_000)).toBe(0);
});

test("heartbeats come within 20 % of the interval, and at least four times per lease", () => {
  expect(heartbeatAt(lease, 5_000, 10_000, 0)).toBe(13_000);
  expect(heartbeatAt(lease, 5_000, 10_000, 1)).toBe(17_000);
  expect(heartbeatAt({ sentAt: 0, leaseMs: 2_000 }, 0, 10_000, 1)).toBeCloseTo(600);
});

test("an answer is waited for so long that a second try fits before the fence", () => {
  expect(reportTimeoutMs(lease)).toBe(15_000);
  expect(reportTimeoutMs({ sentAt: 0, leaseMs: 3_000 })).toBe(1_000);
});

test("a cloud that is silent beyond the fence: the child is stopped before the lease ends, and the rest is told later", async () => {
  const { cloud, begin, told } = await setStage();
  const { handle, run } = begin({ behave: "states-without-end" }, { leaseSeconds: 1.5, reportSeconds: 0.2 });
  await eventually("events come", () => run.events.length > 100);
  cloud.away = true;
  const known = run.events.length;
  const stopped = () => told.some(({ message }) => message.includes("the run is stopped here"));
  await eventually("the runner fences itself", stopped);
  cloud.away = false;
  expect(await handle.done).toEqual({ kind: "released", reason: "silence" });
  expect(run.events.length).toBeGreaterThan(known);
  expect(run.over).toBe(false);
  expect(run.released).toEqual({ attempt: 1, reason: "silence" });
});

test("fenced, and the run was given away meanwhile: nothing more is told", async () => {
  const { cloud, begin, told } = await setStage();
  const { handle, run } = begin({ behave: "states-without-end" }, { leaseSeconds: 0.9, reportSeconds: 0.2 });
  await eventually("events come", () => run.events.length > 100);
  cloud.away = true;
  await eventually("the runner fences itself", () => told.some(({ message }) => message.includes("stopped here")));
  run.attempt = 2;
  const known = run.events.length;
  cloud.away = false;
  expect(await handle.done).toMatchObject({ kind: "fenced" });
  expect(run.events.length).toBe(known);
  expect(run.released).toBe(null);
});

test("a silence shorter than the fence stops nothing", async () => {
  const { cloud, begin, told } = await setStage();
  const { handle, run } = begin(
    { behave: "succeed", tasks: 60, everyMs: 10 },
    { leaseSeconds: 20, reportSeconds: 0.1 },
  );
  await eventually("events come", () => run.events.length > 0);
  cloud.away = true;
  await eventually("the cloud is missed", () => told.length > 0);
  cloud.away = false;
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(run.events).toHaveLength(182);
});

test("onLeaseLost continue: the run goes on without the cloud for longer than its lease, and reports later", async () => {
  const { cloud, begin, flow, told } = await setStage({ onLeaseLost: "continue" });
  const wishes = { behave: "succeed", tasks: 60, everyMs: 10, endFile: "ended" };
  const { handle, run } = begin(wishes, { leaseSeconds: 0.3, reportSeconds: 0.1 });
  await eventually("events come", () => run.events.length > 0);
  cloud.away = true;
  await eventually("the flow is through", () => existsSync(join(flow.directory, "ended")));
  expect(told.some(({ message }) => message.includes("the run goes on without it"))).toBe(true);
  cloud.away = false;
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(run.events).toHaveLength(182);
});

test("a flow that says itself that it goes on, or stops, is heard before the agent's setting", async () => {
  const [stops, goesOn] = [await setStage({ onLeaseLost: "continue" }), await setStage({ onLeaseLost: "stop" })];
  const lease = { leaseSeconds: 0.6, reportSeconds: 0.1 };
  const stopped = stops.begin({ behave: "states-without-end", onLeaseLost: "stop" }, lease);
  const wishes = { behave: "succeed", tasks: 80, everyMs: 10, endFile: "ended", onLeaseLost: "continue" };
  const gone = goesOn.begin(wishes, lease);
  await eventually("both run", () => stopped.run.events.length > 0 && gone.run.events.length > 0);
  stops.cloud.away = goesOn.cloud.away = true;
  const says = (told: typeof stops.told, text: string) => told.some(({ message }) => message.includes(text));
  await eventually("one stops", () => says(stops.told, "the run is stopped here"));
  await eventually("one goes on", () => says(goesOn.told, "the run goes on without it"));
  await eventually("to its end", () => existsSync(join(goesOn.flow.directory, "ended")));
  goesOn.cloud.away = false;
  expect(await gone.handle.done).toEqual({ kind: "finished", state: "Success" });
});

test("a release while the cloud is away does not wait longer than the lease; the journal is left for the next start", async () => {
  const { cloud, begin } = await setStage();
  const { handle, run } = begin({ behave: "wait" }, { leaseSeconds: 1.2, reportSeconds: 0.2 });
  await eventually("it runs", () => run.state === "Running");
  cloud.away = true;
  await handle.release("shutdown");
  expect(await handle.done).toMatchObject({ kind: "abandoned" });
});

test("the fence speaks once, and again only after it was told to watch again", async () => {
  let lease = { sentAt: performance.now(), leaseMs: 30 };
  let spoken = 0;
  const fence = new Fence(
    () => lease,
    () => (spoken += 1),
  );
  for (let i = 0; i < 5; i += 1) fence.again();
  await eventually("it speaks", () => spoken > 0);
  await new Promise((later) => setTimeout(later, 50));
  expect(spoken).toBe(1);
  lease = { sentAt: performance.now(), leaseMs: 30 };
  fence.again();
  expect(spoken).toBe(1);
  await eventually("it speaks again", () => spoken === 2);
  fence.close();
});

test("whatever a cloud says of a lease, its timers do not wrap round, and nobody reports without a pause", () => {
  expect(saneLease({ sentAt: 5, leaseMs: Number.POSITIVE_INFINITY })).toEqual({ sentAt: 5, leaseMs: 86_400_000 });
  expect(saneLease({ sentAt: 5, leaseMs: 0 })).toEqual({ sentAt: 5, leaseMs: 100 });
  expect(saneLease(lease)).toEqual(lease);
  expect(heartbeatAt(lease, 5_000, 0, 0)).toBe(5_040);
});
