import { beforeEach, expect, test, vi } from "vitest";
import { forgetQueries, keepQuery, keptQueries } from "./kept-queries.ts";

let kept: Map<string, string>;
beforeEach(() => {
  kept = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
    removeItem: (name: string) => void kept.delete(name),
  });
  return () => vi.unstubAllGlobals();
});

test("the newest stands first, each once, and no more than thirty", () => {
  for (let number = 0; number < 40; number += 1) keepQuery(`{ a${number} }`);
  expect(keepQuery(" { a20 } ")).toHaveLength(30);
  expect(keptQueries().slice(0, 3)).toEqual(["{ a20 }", "{ a39 }", "{ a38 }"]);
  forgetQueries();
  expect(keptQueries()).toEqual([]);
});

test("what is empty or very long is not kept", () => {
  expect(keepQuery("  ")).toEqual([]);
  expect(keepQuery("x".repeat(20_001))).toEqual([]);
});

test("what somebody else wrote into the place does no harm", () => {
  for (const text of ["{", "7", '["{ a }", 7]']) {
    kept.set("weir-console-sent", text);
    expect(keptQueries()).toEqual(text.startsWith("[") ? ["{ a }"] : []);
  }
});
