import { expect, test } from "vitest";
import { readKeyWish } from "./key-wish.ts";

function formOf(entries: readonly (readonly [string, string])[]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

test("what was left empty is not asked for: the key may do what its maker may, from everywhere, for ever", () => {
  const form = formOf([
    ["name", " ci "],
    ["scope", "user"],
    ["rights", "mine"],
    ["days", ""],
    ["networks", "  "],
    ["owner", ""],
  ]);
  expect(readKeyWish(form)).toEqual({ name: "ci", scope: "user" });
});

test("permissions are sent where they were chosen, and no role with them", () => {
  const form = formOf([
    ["name", "ci"],
    ["scope", "user"],
    ["rights", "permissions"],
    ["role", "admin"],
    ["permission", "run:read"],
    ["permission", "run:start"],
    ["days", "30"],
    ["networks", "10.0.0.0/8\n 192.0.2.7, 2001:db8::/32"],
    ["owner", "a1"],
  ]);
  expect(readKeyWish(form)).toEqual({
    name: "ci",
    scope: "user",
    permissions: ["run:read", "run:start"],
    expiresInDays: 30,
    allowedAddresses: ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"],
    serviceAccountId: "a1",
  });
});

test("a key of agents carries neither role nor permissions", () => {
  const form = formOf([
    ["name", "agents"],
    ["scope", "agent"],
    ["rights", "role"],
    ["role", "admin"],
  ]);
  expect(readKeyWish(form)).toEqual({ name: "agents", scope: "agent" });
});
