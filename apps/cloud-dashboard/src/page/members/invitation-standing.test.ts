import { expect, test } from "vitest";
import { standingOf } from "./invitation-standing.ts";

const now = Date.parse("2026-03-01T00:00:00Z");
const open = { acceptedAt: null, revokedAt: null, expiresAt: "2026-03-01T00:00:01Z" };

test("an invitation is open until it was accepted, taken back or its time is over", () => {
  expect(standingOf(open, now)).toBe("open");
  expect(standingOf({ ...open, expiresAt: "2026-03-01T00:00:00Z" }, now)).toBe("expired");
  expect(standingOf({ ...open, revokedAt: "2026-02-28T00:00:00Z" }, now)).toBe("taken back");
  expect(standingOf({ ...open, acceptedAt: "2026-02-28T00:00:00Z" }, now)).toBe("accepted");
});
