import type { Json } from "@weir/protocol";
import { expect, test } from "vitest";
import { clockText } from "./clock-text.ts";

test.each<[Json, string | null]>([
  [{ clock: { everySeconds: 3_600 } }, "every 1h"],
  [{ clock: { cron: "0 6 * * 1" }, all: [{ kind: "weekday" }], none: [{}, {}] }, "0 6 * * 1, 3 filters"],
  [{ clock: { rrule: "FREQ=DAILY" }, any: [{}] }, "FREQ=DAILY, 1 filter"],
  [{ clock: { dates: ["2026-01-01"] } }, "1 date"],
  [{ clock: { cron: 5 } }, null],
  [{ $sealed: "sealed:x" }, null],
  [null, null],
])("%j is told as %j", (definition, text) => {
  expect(clockText(definition)).toBe(text);
});
