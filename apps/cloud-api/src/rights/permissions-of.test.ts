import { ROLES } from "@weir/protocol";
import { expect, test } from "vitest";
import { isRoleName, permissionsOf } from "./permissions-of.ts";

test("a role that every tenant has allows what the table says, one that is none allows nothing", () => {
  for (const [name, permissions] of Object.entries(ROLES)) expect([...permissionsOf(name)]).toEqual([...permissions]);
  for (const name of ["nobody", "", "constructor", "__proto__"]) {
    expect(permissionsOf(name).size).toBe(0);
    expect(isRoleName(name)).toBe(false);
  }
});

test("a list allows what it names, of that what this cloud knows", () => {
  expect([...permissionsOf(null, ["run:read", "run:fly", "__proto__"])]).toEqual(["run:read"]);
  expect(permissionsOf(null).size).toBe(0);
  expect(permissionsOf("viewer", ["key:write"]).has("key:write")).toBe(false);
});
