import { expect, test } from "vitest";
import { agoText, durationText, momentText } from "./time-text.ts";

test.each([
  [0, "0ms"],
  [999, "999ms"],
  [1_500, "1.5s"],
  [59_000, "59s"],
  [60_000, "1m"],
  [3_725_000, "1h 2m"],
  [90_000_000, "1d 1h"],
])("%d ms is %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

test("a moment is told from where one stands", () => {
  expect([agoText(400), agoText(90_000), agoText(-90_000)]).toEqual(["now", "1m 30s ago", "in 1m 30s"]);
});

test("a moment is told in the zone that was asked for", () => {
  expect(momentText("2026-03-29T01:30:00.250Z", "UTC")).toBe("29 Mar 2026, 01:30:00.250 UTC");
  expect(momentText("2026-03-29T01:30:00.250Z", "Asia/Tokyo")).toMatch("29 Mar 2026, 10:30:00.250");
});
