import { expect, test } from "vitest";
import { Refused } from "../cloud/refused.ts";
import { type Erased, type ErasedPart, eraseAll } from "./erase-all.ts";

function stage(answers: readonly (ErasedPart | Refused)[]) {
  const left = [...answers];
  const told: Erased[] = [];
  const paused: number[] = [];
  const stop = new AbortController();
  const erase = async (): Promise<ErasedPart> => {
    const next = left.shift();
    if (next === undefined) throw new Error("asked once more than there are answers");
    if (next instanceof Refused) throw next;
    return next;
  };
  const pause = async (seconds: number) => void paused.push(seconds);
  const going = (tell: (erased: Erased) => void = (erased) => void told.push(erased)) =>
    eraseAll({ erase, tell, signal: stop.signal, pause });
  return { going, told, paused, stop, left };
}

const part = (runs: number, done: boolean): ErasedPart => ({ runs, flows: done ? 1 : 0, done });

test("goes on until nothing is left, and tells the sum after each part", async () => {
  const { going, told } = stage([part(100, false), part(100, false), part(7, true)]);
  await going();
  expect(told).toEqual([
    { runs: 100, flows: 0 },
    { runs: 200, flows: 0 },
    { runs: 207, flows: 1 },
  ]);
});

test("waits as long as a busy cloud says, and goes on", async () => {
  const { going, told, paused } = stage([
    new Refused("RATE_LIMITED", "later", 3),
    new Refused("UNREACHABLE", "away"),
    part(1, true),
  ]);
  await going();
  expect([paused, told]).toEqual([[3, 5], [{ runs: 1, flows: 1 }]]);
});

test("what the cloud will not erase is told, and not tried again", async () => {
  const { going, left } = stage([new Refused("CONFLICT", "an agent holds a run"), part(1, true)]);
  await expect(going()).rejects.toThrow("an agent holds a run");
  expect(left).toHaveLength(1);
});

test("stops between two parts", async () => {
  const { going, stop, left } = stage([part(1, false), part(1, true)]);
  await going(() => stop.abort());
  expect(left).toHaveLength(1);
});
