import { PERMISSIONS, ROLES } from "@weir/protocol/permissions";
import { expect, test } from "vitest";
import { givable, RIGHTS_BY_OBJECT, verbOf } from "./rights.ts";

const roles = Object.entries(ROLES).map(([name, permissions]) => ({ name, permissions }));

test("every permission stands with its object once", () => {
  expect(RIGHTS_BY_OBJECT.flatMap(({ permissions }) => permissions).toSorted()).toEqual(
    Object.keys(PERMISSIONS).toSorted(),
  );
  expect(RIGHTS_BY_OBJECT.find(({ object }) => object === "run")?.permissions.map(verbOf)).toEqual([
    "read",
    "start",
    "control",
  ]);
});

test("somebody is offered the roles that hold no more than they do, and never that of agents", () => {
  const offered = givable(roles, new Set(ROLES.developer)).map(({ name }) => name);
  expect(offered).toEqual(["developer", "operator", "viewer"]);
  expect(givable(roles, new Set())).toEqual([]);
});
