import { expect, test } from "vitest";
import { type CpuProfile, selfTimes, summary } from "./profile-summary.ts";

const frame = (functionName: string, url = "") => ({ functionName, url, lineNumber: 4 });
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame("(idle)") },
    { id: 2, callFrame: frame("write", "file:///a/b/src/journal.ts") },
    { id: 3, callFrame: frame("") },
  ],
  samples: [1, 2, 2, 3],
  timeDeltas: [9000, 2000, 4000, 2000],
};

test("time asleep does not count, and several profiles add up", () => {
  expect([...selfTimes([profile, profile])]).toEqual([
    ["write b/src/journal.ts:5", 12],
    ["(anonymous)", 4],
  ]);
});

test("the summary names the dearest first, as parts of the time awake", () => {
  const lines = summary("agent", selfTimes([profile]), 1).split("\n");
  expect(lines).toEqual(["agent: 8 ms awake", "  75.0 %  write b/src/journal.ts:5"]);
});
