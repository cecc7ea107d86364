import { expect, test } from "vitest";
import { historySpan, stackedCounts } from "./history.ts";
import { upcomingOf } from "./upcoming.ts";
import { readVisits, seenAt } from "./visit.ts";

const MINUTE = 60_000;
const from = "2026-07-15T00:00:00Z";

test("a visit goes on while the overview is looked at again and again; after a pause another one begins", () => {
  const first = seenAt(1_000 * MINUTE, null);
  expect(first).toEqual({ before: (1_000 - 24 * 60) * MINUTE, latest: 1_000 * MINUTE });
  const second = seenAt(1_010 * MINUTE, first);
  expect(second).toEqual({ before: first.before, latest: 1_010 * MINUTE });
  expect(seenAt(1_026 * MINUTE, second)).toEqual({ before: 1_010 * MINUTE, latest: 1_026 * MINUTE });
});

test("visits are read as they were kept; whatever else stands there is none", () => {
  expect(readVisits(`{"before":1,"latest":2}`)).toEqual({ before: 1, latest: 2 });
  expect([null, "{", "7", "null", `{"before":1}`].map(readVisits)).toEqual([null, null, null, null, null]);
});

test("bars are stacked, and every state counts in one part of them", () => {
  const states = [
    { state: "Success", runs: 3 },
    { state: "Failed", runs: 2 },
    { state: "Crashed", runs: 1 },
    { state: "Cancelled", runs: 4 },
    { state: "Running", runs: 1 },
    { state: "Scheduled", runs: 1 },
  ] as const;
  expect(stackedCounts({ from, to: from, states })).toEqual([3, 6, 10, 12]);
});

test("bars begin at whole spans, so that a look a little later finds the same ones", () => {
  const now = Date.parse("2026-07-15T10:07:00Z");
  const span = { from: "2026-07-14T10:30:00.000Z", to: "2026-07-15T10:30:00.000Z", buckets: 48 };
  expect(historySpan("24h", now)).toEqual(span);
  expect(historySpan("24h", now + 20 * MINUTE)).toEqual(span);
});

test("a schedule's next slot is told once: as its run where that is made, else as the slot", () => {
  const now = Date.parse("2026-07-15T10:00:00Z");
  const flow = { id: "f", name: "report" };
  const run = { name: "report-1", flow, scheduledStartTime: "2026-07-15T11:00:00.000Z" };
  const schedules = [
    { id: "s1", name: "hourly", next: "2026-07-15T11:00:00Z" },
    { id: "s2", name: "soon", next: "2026-07-15T10:30:00Z" },
    { id: "s3", name: "off", next: null },
  ];
  const flowRuns = {
    nodes: [
      { ...run, id: "made", schedule: { id: "s1" } },
      { ...run, id: "by-hand", scheduledStartTime: "2026-07-15T12:00:00Z", schedule: null },
      { ...run, id: "late", scheduledStartTime: "2026-07-15T09:00:00Z", schedule: null },
    ],
  };
  const found = upcomingOf({ flows: { nodes: [{ ...flow, schedules }] }, flowRuns }, now);
  expect(found.map((one) => one.run?.id ?? one.schedule)).toEqual(["soon", "made", "by-hand"]);
});
