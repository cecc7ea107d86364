import { expect, test } from "vitest";
import { readOptions } from "./options.ts";

const contests = ["fan-out", "latency"];

test("without arguments everything is measured five times, at full size", () => {
  expect(readOptions([], contests)).toMatchObject({
    only: null,
    runs: 5,
    scale: 1,
    json: false,
    save: false,
    profile: false,
  });
});

test("what makes no sense is refused in a sentence that names it", () => {
  expect(() => readOptions(["--only", "fanout"], contests)).toThrow("There are fan-out, latency.");
  expect(() => readOptions(["--runs", "many"], contests)).toThrow("--runs many: give a number above 0.");
  expect(() => readOptions(["--scale", "0"], contests)).toThrow("--scale 0");
});
