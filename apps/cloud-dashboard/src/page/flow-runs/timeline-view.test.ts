import { expect, test } from "vitest";
import { moved, placeIn, readView, ticksOf, viewText, zoomed } from "./timeline-view.ts";

test.each([
  [{ from: 0, to: 1_000 }, [0, 200, 400, 600, 800, 1_000]],
  [{ from: 130, to: 190 }, [130, 140, 150, 160, 170, 180, 190]],
  [{ from: 50_000, to: 200_000 }, [60_000, 90_000, 120_000, 150_000, 180_000]],
  [{ from: 0, to: 40 * 86_400_000 }, [0, 10, 20, 30, 40].map((day) => day * 86_400_000)],
])("the moments of %j are round", (view, ticks) => {
  expect(ticksOf(view, 6)).toEqual(ticks);
});

test("ticks are never more than there is room for, and never none", () => {
  for (let span = 3; span < 1e11; span *= 1.7) {
    const count = ticksOf({ from: span / 3, to: span + span / 3 }, 8).length;
    expect(count, `of ${span} ms`).toBeGreaterThanOrEqual(1);
    expect(count, `of ${span} ms`).toBeLessThanOrEqual(9);
  }
});

test("zooming keeps what is below the pointer where it is", () => {
  expect(zoomed({ from: 100, to: 200 }, 0.5, 0.2, 1_000)).toEqual({ from: 110, to: 160 });
});

test("nobody leaves the run: zooming out ends at all of it, moving at its ends", () => {
  expect(zoomed({ from: 100, to: 200 }, 100, 0.5, 1_000)).toEqual({ from: 0, to: 1_000 });
  expect(zoomed({ from: 900, to: 1_000 }, 2, 0, 1_000)).toEqual({ from: 800, to: 1_000 });
  expect(moved({ from: 100, to: 200 }, -2, 1_000)).toEqual({ from: 0, to: 100 });
  expect(moved({ from: 100, to: 200 }, 50, 1_000)).toEqual({ from: 900, to: 1_000 });
});

test("zooming in ends at a millisecond", () => {
  expect(zoomed({ from: 10, to: 11 }, 0.01, 0, 1_000)).toEqual({ from: 10, to: 11 });
});

test("what lies outside has no place, what sticks out is cut", () => {
  const view = { from: 100, to: 200 };
  expect([placeIn(view, 0, 99), placeIn(view, 201, 300)]).toEqual([null, null]);
  expect(placeIn(view, 50, 150)).toEqual({ left: 0, width: 50 });
  expect(placeIn(view, 175, 900)).toEqual({ left: 75, width: 25 });
});

test("a view in the address is read again, and nothing else is taken for one", () => {
  expect(readView(viewText({ from: 10.4, to: 99.6 }))).toEqual({ from: 10, to: 100 });
  for (const text of ["", "5", "9-3", "a-b", undefined, "-1-5"]) expect(readView(text)).toBeUndefined();
});
