import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Journal } from "./journal.ts";
import { eventually } from "./testing/eventually.ts";
import { type CloudRun, type Mishap, refusal } from "./testing/fake-cloud.ts";
import { setStage, type Stage } from "./testing/stage.ts";

const TASKS = 40;

/** All events of the fake child's `succeed`, once and in order. */
function expectWhole(run: CloudRun, tasks = TASKS): void {
  expect(run.events).toHaveLength(2 + tasks * 3);
  const numbers = run.events.flatMap((event) => (event.kind === "task" ? [event.number] : []));
  expect(numbers).toEqual(Array.from({ length: tasks * 2 }, (_, i) => Math.floor(i / 2) + 1));
  expect(run.state).toBe("Success");
}

async function runWith(stage: Stage, ...mishaps: Mishap[]): Promise<CloudRun> {
  const { handle, run } = stage.begin({ behave: "succeed", tasks: TASKS, everyMs: 1 });
  await eventually("the first events came", () => run.events.length > 0);
  stage.cloud.mishaps.push(...mishaps);
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(stage.cloud.mishaps).toEqual([]);
  return run;
}

test("a reply that is lost: the same batch goes again, and the cloud has each event once", async () => {
  const run = await runWith(await setStage(), "lose the reply", "lose the reply");
  expectWhole(run);
  const firsts = run.reports.filter((report) => report.events > 0).map((report) => report.first);
  expect(new Set(firsts).size).toBeLessThan(firsts.length);
});

test("requests that are lost, a proxy's page, overload and an error inside the cloud delay, and lose nothing", async () => {
  const mishaps: Mishap[] = [
    "lose the request",
    "proxy page",
    { ...refusal("OVERLOADED", "Too much."), retryAfterSeconds: 0.01 },
    refusal("DATABASE_UNAVAILABLE", "Away."),
    refusal("INTERNAL", "A bug."),
  ];
  const stage = await setStage();
  expectWhole(await runWith(stage, ...mishaps));
  expect(stage.told.some(({ message }) => message === "The cloud accepts reports again.")).toBe(true);
});

test("a gap: the runner ships again from the number that the cloud expects", async () => {
  const { cloud, begin } = await setStage();
  const { handle, run } = begin({ behave: "succeed", tasks: TASKS, everyMs: 2 });
  await eventually("some events came", () => run.events.length > 10);
  // The cloud's database fell back by what came last, although it had been acknowledged.
  let fallenBack = false;
  cloud.objection = ({ first }) => {
    if (fallenBack || first !== run.events.length + 1) return null;
    fallenBack = true;
    run.events.splice(-2);
    return null;
  };
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(fallenBack).toBe(true);
  expectWhole(run);
});

test("a cloud that has lost more than is kept ends the run, and the journal is kept", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "succeed", tasks: 2_000, everyMs: 2 });
  await eventually("several reports came", () => run.reports.length > 5);
  run.events.length = 0;
  expect(await handle.done).toMatchObject({
    kind: "fenced",
    reason: expect.stringContaining("the cloud expects event 1") as string,
  });
});

test("something on the way that takes only small messages gets small ones", async () => {
  const { cloud, begin } = await setStage({ batchMs: 100 });
  cloud.away = true;
  const { handle, run } = begin({ behave: "chatter", tasks: 300 });
  cloud.objection = ({ events }) =>
    JSON.stringify(events).length > 100_000 ? refusal("TOO_LARGE", "No more than 100 kB.") : null;
  cloud.mishaps.push("too large for the proxy");
  cloud.away = false;
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(run.lines()).toHaveLength(300);
});

test("the cloud away and back: the run goes on meanwhile to its end, and everything drains in order", async () => {
  const { cloud, begin, flow } = await setStage();
  const { handle, run } = begin({ behave: "succeed", tasks: TASKS, everyMs: 15, endFile: "ended" });
  await eventually("the first events came", () => run.events.length > 0);
  cloud.away = true;
  await eventually("the child is through", () => existsSync(join(flow.directory, "ended")));
  expect(run.over).toBe(false);
  cloud.away = false;
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expectWhole(run);
});

test("the lease lives on while a batch cannot get through", async () => {
  const { cloud, begin } = await setStage({ backoffMaxMs: 30 });
  const { handle, run } = begin({ behave: "succeed", tasks: 5 }, { leaseSeconds: 1, reportSeconds: 0.1 });
  cloud.objection = () => refusal("INTERNAL", "This batch cannot be stored.");
  await eventually("empty reports come", () => run.reports.filter((report) => report.events === 0).length > 5);
  expect(run.events).toEqual([]);
  cloud.objection = null;
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expectWhole(run, 5);
});

test("a fresh run token is used from then on", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "succeed", tasks: TASKS, everyMs: 1 });
  run.nextToken = "fresh-token";
  await handle.done;
  expect(run.tokens.at(-1)).toBe("Bearer fresh-token");
});

test("an older attempt is refused: the child is stopped, and what was not taken is kept as evidence", async () => {
  const stage = await setStage();
  const { handle, run } = stage.begin({ behave: "succeed", tasks: 100_000, everyMs: 2 });
  await eventually("the first events came", () => run.events.length > 0);
  run.attempt = 2;
  const outcome = await handle.done;
  expect(outcome).toMatchObject({ kind: "fenced", reason: expect.stringContaining("STALE_ATTEMPT") as string });
  await stage.host.close();
  const journal = Journal.open(join(stage.dataDirectory, "journal.db"));
  expect(journal.evidence()).toMatchObject([{ runId: handle.runId, attempt: 1 }]);
  expect(journal.found()).toEqual([]);
  journal.close();
});

test("a run that is over for the cloud is stopped here too", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "wait" }, { reportSeconds: 0.05 });
  await eventually("it runs", () => run.state === "Running");
  run.events.push({ kind: "flow", at: 1, state: "Cancelled" });
  expect(await handle.done).toMatchObject({ kind: "fenced" });
});
