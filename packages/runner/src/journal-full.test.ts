import { join } from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { Journal } from "./journal.ts";
import { eventually } from "./testing/eventually.ts";
import { setStage } from "./testing/stage.ts";

test("a disk that is full under the journal: the run is stopped and told as such, and the agent goes on", async () => {
  const directory = await mkdtemp(join(tmpdir(), "weir-full-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const journal = Journal.open(join(directory, "journal.db"), { maxPages: 40 });
  const { cloud, begin } = await setStage({}, { journal });
  cloud.objection = () => ({ code: "INTERNAL", message: "Later." });
  const { handle, run } = begin({ behave: "chatter", tasks: 1_000 });
  await eventually("the cloud refuses for now", () => run.reports.length > 3);
  await eventually("the child is stopped", () => cloud.run(handle.runId).reports.length > 6);
  cloud.objection = null;
  expect(await handle.done).toEqual({ kind: "finished", state: "Failed" });
  const last = run.events.at(-1);
  expect(last?.kind === "flow" && last.failure).toMatchObject({
    code: "STORAGE_FULL",
    message: expect.stringMatching(/journal of its agent cannot be written: .*full.*Make room/) as string,
  });
  // Once its rows are gone there is room again for others.
  const next = begin({ behave: "succeed", tasks: 3 });
  expect(await next.handle.done).toEqual({ kind: "finished", state: "Success" });
});

test("a journal at its bound: log lines give way visibly, the child waits, and no state is lost", async () => {
  const { cloud, begin, told } = await setStage({ journalBytes: 100_000, onLeaseLost: "continue" });
  cloud.away = true;
  const { handle, run } = begin({ behave: "chatter", tasks: 300 });
  const states = begin({ behave: "states-without-end" });
  await eventually("the cloud is missed", () => told.length > 0);
  await new Promise((later) => setTimeout(later, 300));
  cloud.away = false;
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  const dropped = run.lines("weir").map((line) => Number(/^(\d+) log lines dropped/.exec(line)?.[1]));
  expect(run.lines().length + dropped.reduce((sum, count) => sum + count, 0)).toBe(300);
  expect(dropped.length).toBeGreaterThan(0);
  const before = states.run.events.length;
  await eventually("the child that waited goes on", () => states.run.events.length > before + 300);
  const numbers = states.run.events.flatMap((event) => (event.kind === "task-run" ? [event.number] : []));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
});
