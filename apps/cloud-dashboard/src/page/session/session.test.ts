import { expect, test } from "vitest";
import { isPlace } from "./kept-place.ts";
import { isSameViewer } from "./same-viewer.ts";

test("only an address of this origin is a place to go back to", () => {
  const given = [
    "/runs?state=Failed",
    "/",
    "//evil.example/x",
    "/\\\\evil.example",
    "https://evil.example",
    "runs",
    null,
  ];
  expect(given.map(isPlace)).toEqual([true, true, false, false, false, false, false]);
});

test("viewers are the same when they see the same", () => {
  const viewer = {
    keyId: null,
    scope: "user",
    tenant: { id: "t", name: "mill" },
    permissions: ["run:read", "log:read"],
  } as const;
  expect(isSameViewer(viewer, { ...viewer, permissions: ["log:read", "run:read"] })).toBe(true);
  const others = [
    { ...viewer, tenant: { id: "u", name: "mill" } },
    { ...viewer, permissions: ["run:read"] },
    { ...viewer, keyId: "k" },
  ];
  expect(others.map((other) => isSameViewer(viewer, other))).toEqual([false, false, false]);
});
