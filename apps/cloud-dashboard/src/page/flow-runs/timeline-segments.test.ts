import { expect, test } from "vitest";
import type { TaskRow } from "./run-store.ts";
import { taskRow } from "./testing/task-row.ts";
import { segmentsOf, spentIn } from "./timeline-segments.ts";

type Told = readonly [state: TaskRow["state"], second: number, attempt?: number, refused?: string];

const AT = Date.parse("2026-01-01T00:00:00.000Z");

function lifeOf(told: readonly Told[]): TaskRow {
  const states = told.map(([state, second, attempt = 1, refused = null]) => ({
    state,
    attempt,
    refused,
    at: new Date(AT + second * 1_000).toISOString(),
  }));
  return taskRow({ number: 1, states });
}

/** Segments with seconds since the beginning. */
const drawn = (told: readonly Told[], nowSecond = 100) =>
  segmentsOf(lifeOf(told), AT + nowSecond * 1_000).map(
    ({ kind, from, to, state, tryNumber }) =>
      `${kind} ${(from - AT) / 1_000}–${(to - AT) / 1_000} ${state} ${tryNumber}`,
  );

test("each try is told apart with how it went, and so is what lay before it", () => {
  expect(
    drawn([
      ["Pending", 0],
      ["Queued", 1],
      ["Running", 3],
      ["Retrying", 4],
      ["Running", 9],
      ["Success", 10],
    ]),
  ).toEqual([
    "queue 0–1 Pending 0",
    "queue 1–3 Queued 0",
    "run 3–4 Retrying 1",
    "wait 4–9 Retrying 1",
    "run 9–10 Success 2",
  ]);
});

test("what goes on ends now", () => {
  expect(
    drawn(
      [
        ["Pending", 0],
        ["Running", 2],
      ],
      7,
    ),
  ).toEqual(["queue 0–2 Pending 0", "run 2–7 Running 1"]);
});

test("what an attempt left running when its agent died has crashed, and tries are counted anew", () => {
  expect(
    drawn([
      ["Running", 0],
      ["Retrying", 1],
      ["Running", 2],
      ["Pending", 9, 2],
      ["Running", 10, 2],
      ["Failed", 12, 2],
    ]),
  ).toEqual([
    "run 0–1 Retrying 1",
    "wait 1–2 Retrying 1",
    "run 2–9 Crashed 2",
    "queue 9–10 Pending 0",
    "run 10–12 Failed 1",
  ]);
});

test("between the end of one attempt and the beginning of the next there is nothing", () => {
  expect(
    drawn([
      ["Running", 0],
      ["Failed", 1],
      ["Pending", 50, 2],
      ["Running", 51, 2],
      ["Success", 52, 2],
    ]),
  ).toEqual(["run 0–1 Failed 1", "queue 50–51 Pending 0", "run 51–52 Success 1"]);
});

test("waiting for a person is its own kind, and what was refused never was", () => {
  expect(
    drawn([
      ["Running", 0],
      ["Success", 1, 1, "it may not"],
      ["Paused", 2],
      ["Resume", 8],
      ["Running", 9],
      ["Success", 10],
    ]),
  ).toEqual(["run 0–2 Paused 1", "pause 2–8 Paused 1", "queue 8–9 Resume 1", "run 9–10 Success 2"]);
});

test("a clock that goes back makes nothing shorter than no time", () => {
  expect(
    drawn([
      ["Running", 5],
      ["Success", 3],
    ]),
  ).toEqual(["run 5–5 Success 1"]);
});

test("time is summed by kind", () => {
  const life = lifeOf([
    ["Pending", 0],
    ["Running", 2],
    ["Retrying", 3],
    ["Running", 9],
    ["Success", 13],
  ]);
  const segments = segmentsOf(life, AT);
  expect([spentIn(segments, "queue"), spentIn(segments, "run"), spentIn(segments, "wait")]).toEqual([
    2_000, 5_000, 6_000,
  ]);
});
