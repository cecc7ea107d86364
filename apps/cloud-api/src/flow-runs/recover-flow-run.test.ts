import { makeId } from "@weir/protocol";
import { expect, test } from "vitest";
import { decideRecovery, type ExpiredRun } from "./recover-flow-run.ts";

const RULES = { maxRecoveries: 5, recoveryBackoffSeconds: 1 };
const run = (more: Partial<ExpiredRun> = {}): ExpiredRun => ({
  tenantId: makeId(),
  runId: makeId(),
  flowId: makeId(),
  state: "Running",
  attempt: 3,
  stateVersion: 9,
  eventNumber: 4,
  recoveries: 0,
  agentName: "quiet",
  orderVersion: 0,
  pauseOrder: null,
  silentSeconds: 46.04,
  maxRecoveries: null,
  recoveryBackoffSeconds: null,
  ...more,
});

test("each recovery waits twice as long as the one before, and never longer than 30 seconds", () => {
  const waits = [0, 1, 2, 3, 4, 9].map((recoveries) =>
    decideRecovery(run({ recoveries }), { ...RULES, maxRecoveries: 10 }),
  );
  expect(waits.map((wait) => ("dueInSeconds" in wait ? wait.dueInSeconds : null))).toEqual([1, 2, 4, 8, 16, 30]);
});

test("the sentence names the agent, the silence and what follows", () => {
  expect(decideRecovery(run(), RULES)).toMatchObject({
    message: "agent quiet fell silent after 46.0 s; attempt 4 follows (recovery 1 of 5)",
  });
});

test("after the last one the run is Failed; one that was being cancelled is Cancelled", () => {
  expect(decideRecovery(run({ recoveries: 5 }), RULES)).toMatchObject({
    end: { state: "Failed", failure: { code: "RECOVERIES_EXHAUSTED" } },
  });
  expect(decideRecovery(run({ recoveries: 5, state: "Cancelling" }), RULES)).toMatchObject({
    end: { state: "Cancelled" },
  });
});

test("a flow's own settings go before the cloud's, and may ask for a longer wait", () => {
  const patient = { maxRecoveries: 2, recoveryBackoffSeconds: 120 };
  expect(decideRecovery(run({ ...patient, recoveries: 1 }), RULES)).toMatchObject({
    dueInSeconds: 120,
    message: expect.stringContaining("(recovery 2 of 2)"),
  });
  expect(decideRecovery(run({ ...patient, recoveries: 2 }), RULES)).toHaveProperty("end");
  expect(decideRecovery(run({ maxRecoveries: 0 }), RULES)).toHaveProperty("end");
  expect(decideRecovery(run({ recoveryBackoffSeconds: 0 }), RULES)).toMatchObject({ dueInSeconds: 0 });
});
