import { StoreError } from "@weir/results";
import { expect, test } from "vitest";
import { RunCancelledError, TaskTimeoutError, WeirError } from "../errors.ts";
import { loopWith } from "../signals.ts";
import { thrownData, thrownOf } from "./thrown.ts";

/** There and back again, as between threads. */
function travelled(thrown: unknown): unknown {
  return thrownOf(structuredClone(thrownData(thrown, structuredClone)));
}

test.each([
  new WeirError("RESULT_MISSING", "gone"),
  new TaskTimeoutError("late"),
  new RunCancelledError("stop"),
  new StoreError("STORAGE_FULL", "full"),
])("an error of Weir's stays one: $name", (error) => {
  const back = travelled(error);
  expect(back).toBeInstanceOf(error.constructor);
  expect(back).toMatchObject({ name: error.name, message: error.message, code: error.code, stack: error.stack });
});

test("causes end somewhere, also where they go in a circle", () => {
  const circle: Error = new Error("around");
  circle.cause = circle;
  let depth = 0;
  for (let at = travelled(circle) as Error | undefined; at !== undefined; at = at.cause as Error | undefined)
    depth += 1;
  expect(depth).toBe(6);
});

test("errors that are traps become errors all the same", () => {
  const trap = Object.defineProperty(new Error("trap"), "message", {
    get() {
      throw new Error("sprung");
    },
  });
  expect(travelled(trap)).toMatchObject({ message: "What was thrown cannot be copied: sprung" });
  const evil = Object.assign(new Error("evil"), { toString: 1, note: "kept" });
  Object.defineProperty(evil, "__proto__", { value: { x: 1 }, enumerable: true });
  const back = travelled(evil) as Error & { note: string; x?: number };
  expect([back.note, back.x, typeof back.toString]).toEqual(["kept", undefined, "function"]);
});

test("a signal whose value cannot be copied says so", () => {
  expect(travelled(loopWith(() => 1))).toMatchObject({
    code: "EXECUTOR_FAILED",
    message: expect.stringContaining("The value that LoopWith hands over cannot be copied: () => 1") as string,
  });
});

test("what is no error and cannot be copied is told as text", () => {
  expect(travelled({ f: () => 1 })).toBe("{ f: [Function: f] }");
});
