import { expect, expectTypeOf, test } from "vitest";
import { type Duration, durationMs } from "./duration.ts";

test.each<[Duration, number]>([
  [0, 0],
  [1_500, 1_500],
  ["250ms", 250],
  ["10s", 10_000],
  ["3m", 180_000],
  ["1.5h", 5_400_000],
  ["2d", 172_800_000],
])("%j is %d ms", (duration, ms) => {
  expect(durationMs(duration, "timeout")).toBe(ms);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "-5s", "10 s", "1e3s", "", "s"])(
  "%j is no duration",
  (duration) => {
    expect(() => durationMs(duration as Duration, "timeout of x")).toThrow("timeout of x is");
  },
);

test("a mistyped unit does not compile", () => {
  expectTypeOf<"10s">().toExtend<Duration>();
  // @ts-expect-error there is no such unit
  expect(() => durationMs("10 sceonds", "retryDelay")).toThrow('"10 sceonds", which is no duration');
});
