import { PERMISSIONS, type Permission } from "@weir/protocol";
import { expect, test } from "vitest";
import { lacks } from "./lacks.ts";

test("a refusal names what lacks, what that is for, and who can give it", () => {
  const { code, message } = lacks("createFlowRun", ["run:start"]);
  expect(code).toBe("FORBIDDEN");
  expect(message).toBe(
    'createFlowRun needs the permission "run:start" (start runs, and restart them), which this credential does not hold. Whoever is owner or admin of the tenant can give it to a person\'s role, or make a key that holds it.',
  );
});

test("each permission has somebody who can give it, and what an admin lacks an owner alone", () => {
  const told = (permission: string) => lacks("x", [permission as Permission]).message;
  for (const permission of Object.keys(PERMISSIONS))
    expect(told(permission)).toMatch(/Whoever is owner( or admin)? of/);
  expect(told("tenant:write")).toContain("Whoever is owner of");
});
