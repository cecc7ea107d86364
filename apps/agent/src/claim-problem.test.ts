import type { ClaimedRun } from "@weir/protocol";
import { expect, test } from "vitest";
import { claimProblem, type OwnSide } from "./claim-problem.ts";

const own: OwnSide = { labels: ["linux", "gpu"], projects: ["ours"], room: 1, heldAttempt: 0 };
const run = (given: Partial<ClaimedRun>) =>
  ({ runId: "r", attempt: 1, project: "ours", labels: [], parameters: {}, ...given }) as ClaimedRun;

test("what was asked for is taken", () => {
  expect(claimProblem(run({ labels: ["gpu"], parameters: { day: "today" } }), own)).toBe(null);
  expect(claimProblem(run({ project: "any" }), { ...own, projects: null })).toBe(null);
  expect(claimProblem(run({ attempt: 3 }), { ...own, heldAttempt: 2 })).toBe(null);
});

test("what was not asked for is not taken, and the sentence says why", () => {
  expect(claimProblem(run({ project: "theirs" }), own)).toMatch(
    /run r of the project "theirs", which this agent does not serve/,
  );
  expect(claimProblem(run({ labels: ["gpu", "tpu"] }), own)).toMatch(/needs the labels tpu, and/);
  expect(claimProblem(run({}), { ...own, room: 0 })).toMatch(/no room and none was asked for/);
  expect(claimProblem(run({ attempt: 2 }), { ...own, heldAttempt: 2 })).toMatch(
    /attempt 2, of which this agent holds attempt 2/,
  );
  const parameters = JSON.parse('{"a":{"__proto__":1}}') as ClaimedRun["parameters"];
  expect(claimProblem(run({ parameters }), own)).toMatch(/its parameters holds the key "__proto__"/);
});
