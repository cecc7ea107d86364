import type { Permission } from "@weir/protocol/permissions";
import { STATE_NAMES } from "@weir/protocol/state";
import { expect, test } from "vitest";
import { allowedOf } from "./run-allowed.ts";

const now = { state: "Running", pauseAsked: false, isForgotten: false, approvals: 0 } as const;
const all = () => true;
const only = (permission: Permission) => (needed: Permission) => needed === permission;

/** What is allowed, by name. */
function names(run: Parameters<typeof allowedOf>[0], may: (needed: Permission) => boolean = all): string[] {
  const { mark, ...others } = allowedOf(run, may);
  return [...Object.keys(others).filter((name) => others[name as keyof typeof others]), ...mark];
}

test.each([
  [{ ...now, state: "Running" }, "cancel pause rename again Success Failed Cancelled"],
  [{ ...now, state: "Running", pauseAsked: true }, "cancel resume rename again Success Failed Cancelled"],
  [{ ...now, state: "Scheduled" }, "cancel pause rename again Failed Cancelled"],
  [{ ...now, state: "Paused" }, "cancel pause resume rename again Cancelled"],
  [{ ...now, state: "Paused", approvals: 1 }, "cancel pause approve rename again Cancelled"],
  [{ ...now, state: "Cancelling" }, "rename again Success Failed Cancelled"],
  [{ ...now, state: "Failed" }, "restart rename again"],
  [{ ...now, state: "Cancelled", approvals: 1 }, "restart rename again"],
  [{ ...now, state: "Failed", isForgotten: true }, "rename again"],
  [{ ...now, state: "Success" }, "rename again"],
] as const)("of %j: %s", (run, allowed) => {
  expect(names(run).join(" ")).toBe(allowed);
});

test("whoever may only look sees no button, whoever may only start sees those that start", () => {
  for (const state of STATE_NAMES) {
    expect(names({ ...now, state, approvals: 1 }, only("run:read"))).toEqual([]);
    expect(names({ ...now, state, approvals: 1 }, only("run:start"))).not.toContain("cancel");
  }
  expect(names({ ...now, state: "Failed" }, only("run:start"))).toEqual(["restart", "again"]);
});
