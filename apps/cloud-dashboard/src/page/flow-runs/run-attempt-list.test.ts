import type { StateName } from "@weir/protocol/state";
import { expect, test } from "vitest";
import { attemptsOf } from "./run-attempt-list.ts";

const history = (...rows: readonly (readonly [attempt: number, state: StateName, message?: string])[]) =>
  rows.map(([attempt, state, message = null], index) => ({
    version: index + 1,
    attempt,
    state,
    at: `at ${index}`,
    message,
    failure: null,
  }));

test("each claim is an attempt, until the agent holds the run no more", () => {
  const attempts = attemptsOf(
    history(
      [0, "Scheduled"],
      [1, "Submitted", "claimed by agent a"],
      [1, "Running"],
      [1, "Retrying", "the lease of agent a ran out"],
      [2, "Submitted", "claimed by agent b"],
      [2, "Running"],
      [2, "Cancelling"],
      [2, "Cancelled"],
      [2, "Scheduled", "restarted"],
      [3, "Submitted"],
    ),
  );
  expect(attempts.map(({ attempt, claim, end, startedAt }) => [attempt, claim, end, startedAt])).toEqual([
    [1, "claimed by agent a", "Retrying", "at 2"],
    [2, "claimed by agent b", "Cancelled", "at 5"],
    [3, null, null, null],
  ]);
  expect(attempts[0]).toMatchObject({ claimedAt: "at 1", endedAt: "at 3", message: "the lease of agent a ran out" });
});

test("a run that nobody claimed has none", () => {
  expect(attemptsOf(history([0, "Scheduled"], [0, "Cancelled"]))).toEqual([]);
});
