import { expect, test } from "vitest";
import { runInput } from "./run-input.ts";

const EMPTY = { name: "", labels: "", startTime: "", idempotencyKey: "", boundary: {} };
const target = { flow: "f", project: "p" };

test("what was left empty is not said", () => {
  expect(runInput(target, { ...EMPTY, name: "  ", labels: " , " }, {})).toEqual(target);
});

test("what was typed is said as the cloud takes it", () => {
  const typed = { ...EMPTY, name: " a ", labels: "gpu, gpu,big", startTime: "2026-01-31T09:30", idempotencyKey: "k" };
  expect(runInput(target, typed, { parameters: { top: 0 }, boundary: { log: "drop" } })).toEqual({
    ...target,
    name: "a",
    labels: ["gpu", "big"],
    scheduledStartTime: new Date(2026, 0, 31, 9, 30).toISOString(),
    idempotencyKey: "k",
    parameters: { top: 0 },
    boundary: { log: "drop" },
  });
  expect(() => runInput(target, { ...EMPTY, startTime: "soon" }, {})).toThrow(/"soon" is no moment/);
});
