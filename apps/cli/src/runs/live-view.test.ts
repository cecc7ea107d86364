import { expect, test } from "vitest";
import type { LogLine, RunState, TaskRun } from "../connection/answers.ts";
import { fakeIo } from "../testing/fake-io.ts";
import { at, taskRun, update } from "../testing/sample-run.ts";
import { LiveView } from "./live-view.ts";

const state = (version: number, name: RunState["state"], ms: number, message: string | null = null): RunState => ({
  version,
  attempt: 1,
  state: name,
  at: at(ms),
  message,
  failure: null,
});
const log = (number: number, text: string, given: Partial<LogLine> = {}): LogLine => ({
  attempt: 1,
  number,
  at: at(50),
  level: "info",
  text,
  logger: "flow",
  taskRunNumber: null,
  ...given,
});

function lines(show: (live: LiveView) => void): string[] {
  const io = fakeIo();
  const live = new LiveView(io);
  show(live);
  live.close();
  live.end();
  return io.written().trimEnd().split("\n");
}

test("states, tasks and log lines come in the order in which they happened, each once", () => {
  const states = [state(1, "Running", 0)];
  const load = taskRun({ number: 1, task: "load", resultBytes: 2_048 });
  const told = lines((live) => {
    live.show(update({ flowRun: { states }, logs: [log(3, "halfway", { taskRunNumber: 1 })], taskRuns: [load] }));
    live.show(update({ flowRun: { states: [...states, state(2, "Success", 100)] }, taskRuns: [load] }));
  });
  expect(told).toEqual([
    "     0 ms  ● Running",
    expect.stringMatching(/^ {4}50 ms {2}│ load: halfway$/),
    expect.stringMatching(/^ {3}100 ms {2}✓ load +100 ms · 2\.0 kB$/),
    "   100 ms  ✓ Success",
  ]);
});

test("the end of a run is told last, though a long run's messages all carry it", () => {
  const flowRun = { state: "Success" as const, states: [state(1, "Running", 0), state(2, "Success", 900)] };
  const told = lines((live) => {
    live.show(update({ flowRun, logs: [log(1, "one")] }));
    live.show(update({ flowRun, logs: [log(2, "two", { at: at(60) })] }));
  });
  expect(told.map((line) => line.replace(/^.* ms {2}/, ""))).toEqual(["● Running", "│ one", "│ two", "✓ Success"]);
});

test("an earlier attempt's end is history, told in its place", () => {
  const states = [state(1, "Failed", 10), state(2, "Scheduled", 20), state(3, "Running", 30)];
  const told = lines((live) => live.show(update({ flowRun: { states } })));
  expect(told.map((line) => line.replace(/^.* ms {2}/, ""))).toEqual(["✗ Failed", "○ Scheduled", "● Running"]);
});

test("a retry says why, and the next try counts", () => {
  const [retrying, done] = lines((live) => {
    const first: TaskRun = taskRun({
      number: 1,
      task: "send",
      state: "Retrying",
      failure: { name: "E", message: "the line is busy" },
    });
    live.show(update({ taskRuns: [first] }));
    live.show(update({ taskRuns: [{ ...first, state: "Success", failure: null, tryNumber: 2 }] }));
  });
  expect(retrying).toMatch(/↻ send +Retrying · the line is busy$/);
  expect(done).toMatch(/✓ send +100 ms · 2 tries$/);
});

test("children of a map are a bar by quarters; only those that fail get a line", () => {
  const child = (mapIndex: number, given: Partial<TaskRun> = {}) =>
    taskRun({ number: 10 + mapIndex, task: "each", parent: 2, mapIndex, ...given });
  const mapped = taskRun({ number: 2, task: "each", state: "Mapped", mapCount: 4 });
  const told = lines((live) => {
    live.show(update({ taskRuns: [mapped, child(0), child(1, { state: "Running" })] }));
    live.show(update({ taskRuns: [child(1, { state: "Failed", message: "no such airport" }), child(2), child(3)] }));
  });
  expect(told).toEqual([
    expect.stringMatching(/● each +mapped over 4/),
    expect.stringMatching(/● each +━{8}─{24} {2}1 \/ 4$/),
    expect.stringMatching(/✗ each\[1\] +Failed · 100 ms · no such airport$/),
    expect.stringMatching(/✓ each +━{32} {2}4 \/ 4$/),
  ]);
});

test("in a terminal what runs now is redrawn in place, and gone at the end", () => {
  const io = fakeIo({ interactive: true });
  const live = new LiveView(io);
  live.show(update({ taskRuns: [taskRun({ number: 1, task: "load", state: "Running", endedAt: null })] }));
  expect(io.written()).toContain("● load");
  live.end();
  expect(io.written().endsWith("\u001b[1A\r\u001b[J")).toBe(true);
});

test("a text of the server never reaches the terminal as it came, and no line is too wide", () => {
  const told = lines((live) =>
    live.show(
      update({
        logs: [log(1, `${"word ".repeat(60)}\nsecond`)],
        taskRuns: [taskRun({ number: 1, task: "x".repeat(200) })],
      }),
    ),
  );
  expect(told.length).toBeGreaterThan(3);
  expect(told.filter((line) => line.length > 100)).toEqual([]);
});
