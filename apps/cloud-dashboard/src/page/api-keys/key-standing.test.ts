import { expect, test } from "vitest";
import { standingOf } from "./key-standing.ts";

const now = Date.parse("2026-03-01T00:00:00Z");
const key = { revokedAt: null, expiresAt: null, replacedBy: null };

test.each([
  ["good", key],
  ["good", { ...key, expiresAt: "2026-03-01T00:00:01Z" }],
  ["rotated", { ...key, expiresAt: "2026-03-01T00:00:01Z", replacedBy: "b" }],
  ["expired", { ...key, expiresAt: "2026-03-01T00:00:00Z", replacedBy: "b" }],
  ["revoked", { ...key, expiresAt: "2026-03-01T00:00:01Z", revokedAt: "2026-02-01T00:00:00Z" }],
])("%s", (standing, given) => {
  expect(standingOf(given, now)).toBe(standing);
});
