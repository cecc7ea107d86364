import { expect, test } from "vitest";
import {
  FLOW_RUN_MOVES,
  FLOW_RUN_REPORTABLE,
  isA,
  isClaimable,
  isFailed,
  isFinished,
  isFlowRunMove,
  isHeld,
  isRunning,
  isSuccessful,
  isTaskRunMove,
  isTerminal,
  STATE_NAMES,
  TASK_RUN_MOVES,
} from "./state.ts";

const those = (predicate: (state: (typeof STATE_NAMES)[number]) => boolean) =>
  STATE_NAMES.filter((state) => predicate(state));

test("the hierarchy answers who is what", () => {
  expect(those(isSuccessful)).toEqual(["Success", "Cached", "Mapped", "Skipped"]);
  expect(those(isFailed)).toEqual(["Failed", "TimedOut", "TriggerFailed", "ValidationFailed", "Crashed"]);
  expect(those(isRunning)).toEqual(["Running", "Cancelling"]);
  expect(those(isHeld)).toEqual(["Submitted", "Running", "Cancelling"]);
  expect(those(isClaimable)).toEqual(["Scheduled", "Resume", "Retrying"]);
  expect(those(isFinished).filter((state) => !isTerminal(state))).toEqual(["Looped"]);
  expect(isA("Retrying", "Pending")).toBe(true);
  expect(isA("Cancelled", "Failed")).toBe(false);
});

test("terminal states absorb", () => {
  for (const from of those(isTerminal)) {
    expect(FLOW_RUN_MOVES[from]).toBeUndefined();
    expect(TASK_RUN_MOVES[from]).toBeUndefined();
    for (const to of STATE_NAMES) expect(isTaskRunMove(from, to)).toBe(false);
  }
});

test("every state that is not terminal can reach a terminal one", () => {
  for (const moves of [FLOW_RUN_MOVES, TASK_RUN_MOVES]) {
    const ends = new Set(those(isTerminal));
    for (let grown = true; grown;) {
      const more = STATE_NAMES.filter((from) => !ends.has(from) && moves[from]?.some((to) => ends.has(to)));
      more.forEach((state) => ends.add(state));
      grown = more.length > 0;
    }
    expect(Object.keys(moves).filter((state) => !ends.has(state as (typeof STATE_NAMES)[number]))).toEqual([]);
  }
});

test("only a later attempt begins a task run again", () => {
  expect(isTaskRunMove(null, "Pending")).toBe(true);
  expect(isTaskRunMove(null, "Running")).toBe(false);
  expect(isTaskRunMove("Running", "Pending")).toBe(false);
  expect(isTaskRunMove("Running", "Pending", true)).toBe(true);
  expect(isTaskRunMove("Success", "Pending", true)).toBe(true);
  expect(isTaskRunMove("Success", "Running", true)).toBe(false);
});

test("a runner cannot report the cloud's own moves", () => {
  expect(FLOW_RUN_REPORTABLE).not.toContain("Scheduled");
  expect(FLOW_RUN_REPORTABLE).not.toContain("Submitted");
  expect(isFlowRunMove("Submitted", "Running")).toBe(true);
  expect(isFlowRunMove("Success", "Running")).toBe(false);
  expect(isFlowRunMove("Cancelling", "Running")).toBe(false);
});
