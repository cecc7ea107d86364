import { expect, test } from "vitest";
import { LogScroller } from "./log-scroller.ts";

const parts = (count: number, from = 0) => Array.from({ length: count }, (_, index) => ({ key: `p${from + index}` }));

/** A list in a box of 1,000 pixels, drawn whenever it changes as a browser does. */
function listOf(count: number, { follows = false, most = 1e9, height = 2_000 } = {}) {
  const box = { scrollTop: 0, clientHeight: 1_000 };
  const scroller = new LogScroller(follows, most);
  const draw = () => {
    const top = scroller.takeScroll();
    if (top === null) return;
    box.scrollTop = Math.max(0, Math.min(top, scroller.shown().height - box.clientHeight));
    scroller.scrolled();
  };
  scroller.subscribe(draw);
  scroller.attach(box);
  const guess = () => height;
  scroller.set(parts(count), guess);
  /** Where a part is seen, from the top of the box. */
  const seenAt = (key: string) =>
    (scroller.shown().parts.find((part) => part.key === key)?.top ?? Number.NaN) - box.scrollTop;
  const scrollTo = (top: number) => {
    box.scrollTop = top;
    scroller.scrolled();
  };
  return { box, scroller, guess, seenAt, scrollTo };
}

test("of a long list only what is seen is drawn, and a little around it", () => {
  const { scroller, scrollTo, seenAt } = listOf(100);
  expect(scroller.shown()).toMatchObject({ height: 200_000, parts: [{ key: "p0", top: 0 }] });
  scrollTo(101_000);
  expect(scroller.shown().parts.map(({ key }) => key)).toEqual(["p50", "p51"].slice(0, scroller.shown().parts.length));
  expect(seenAt("p50")).toBe(-1_000);
});

test("what is read stays where it is when something above it is lower than guessed", () => {
  const { scroller, scrollTo, seenAt } = listOf(100);
  scrollTo(101_000);
  const before = seenAt("p50");
  scroller.measure([["p10", 100]]);
  expect(seenAt("p50")).toBe(before);
  expect(scroller.shown().height).toBe(198_100);
  scroller.measure([["p50", 1_500]]);
  expect(seenAt("p50")).toBe(before);
});

test("what is read stays where it is when what comes in above it is taller than guessed", () => {
  const { scroller, scrollTo, seenAt } = listOf(100);
  scrollTo(101_900);
  scroller.measure([["p51", 2_000]]);
  const before = seenAt("p51");
  expect(before).toBe(100);
  scroller.measure([["p50", 2_600]]);
  expect(seenAt("p51")).toBe(before);
});

test("the end stays seen while more comes, until somebody scrolls away, and again when they are back", () => {
  const { box, scroller, guess, scrollTo } = listOf(5, { follows: true });
  expect(box.scrollTop).toBe(9_000);
  scroller.set(parts(8), guess);
  expect([box.scrollTop, scroller.shown().follows]).toEqual([15_000, true]);
  scrollTo(14_000);
  expect(scroller.shown().follows).toBe(false);
  scroller.set(parts(9), guess);
  expect(box.scrollTop).toBe(14_000);
  scrollTo(17_000);
  expect(scroller.shown().follows).toBe(true);
  scroller.set(parts(10), guess);
  expect(box.scrollTop).toBe(19_000);
});

test("somebody lets go of the end without leaving it", () => {
  const { box, scroller, guess } = listOf(5, { follows: true });
  scroller.letGo();
  scroller.set(parts(8), guess);
  expect([box.scrollTop, scroller.shown().follows]).toEqual([9_000, false]);
  scroller.toEnd();
  expect([box.scrollTop, scroller.shown().follows]).toEqual([15_000, true]);
});

test("a part is brought to its place", () => {
  const { scroller, seenAt } = listOf(100);
  scroller.toPart("p70", 300);
  expect(seenAt("p70")).toBe(-300);
  scroller.toPart("unknown", 0);
  expect(seenAt("p70")).toBe(-300);
});

test("a list that is taller than a browser draws is scrolled pixel for pixel, and leapt through by its part", () => {
  const { box, scroller, seenAt, scrollTo } = listOf(10_000, { most: 1_000_000 });
  expect(scroller.shown().height).toBe(1_000_000);
  scrollTo(499_500);
  expect(scroller.shown().parts[0]?.key).toMatch(/^p(4999|5000)$/);
  const [first] = scroller.shown().parts;
  const before = seenAt(first?.key ?? "");
  scrollTo(box.scrollTop + 300);
  expect(seenAt(first?.key ?? "")).toBe(before - 300);
  scrollTo(999_000);
  expect(scroller.shown().parts.at(-1)?.key).toBe("p9999");
  expect(seenAt("p9999")).toBe(-1_000);
  for (let step = 0; step < 40; step += 1) scrollTo(box.scrollTop - 900);
  expect(scroller.shown().parts[0]?.key).toBe("p9981");
  scrollTo(0);
  expect(seenAt("p0")).toBe(0);
});

test("small steps from the middle of a very tall list come to its begin without a leap", () => {
  const { box, scroller, scrollTo } = listOf(1_000, { most: 100_000 });
  scroller.toPart("p20", 0);
  const seen: string[] = [];
  for (let step = 0; step < 80 && box.scrollTop > 0; step += 1) {
    scrollTo(Math.max(0, box.scrollTop - 600));
    seen.push(scroller.shown().parts[0]?.key ?? "");
  }
  const places = seen.map((key) => Number(key.slice(1)));
  expect(places.at(-1)).toBe(0);
  for (const [index, place] of places.entries()) expect((places[index - 1] ?? 20) - place).toBeLessThanOrEqual(1);
});
