import { expect, test } from "vitest";
import { beyond, isPermission, type Permission, ROLES } from "./permissions.ts";

const held = (role: keyof typeof ROLES): ReadonlySet<Permission> => new Set(ROLES[role]);

test("each role holds all that the next lesser one holds, and something more", () => {
  const order = ["owner", "admin", "developer", "operator", "viewer", "agent"] as const;
  for (const [index, role] of order.slice(1).entries()) {
    const greater = order[index] ?? "owner";
    expect(beyond(ROLES[role], held(greater))).toEqual([]);
    expect(beyond(ROLES[greater], held(role))).not.toEqual([]);
  }
});

test("seeing runs shows neither their logs nor their parameters, and lets nobody start one", () => {
  expect(ROLES.viewer).toContain("run:read");
  expect(beyond(["log:read", "parameter:read", "run:start", "run:control"], held("viewer"))).toHaveLength(4);
});

test("what is no permission is none, whatever objects inherit", () => {
  expect(["run:read", "run:fly", "constructor", "__proto__"].map(isPermission)).toEqual([true, false, false, false]);
});
