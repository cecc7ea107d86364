import { LIMITS } from "@weir/protocol";
import { StoreError } from "@weir/results";
import { expect, test } from "vitest";
import { TaskTimeoutError } from "./errors.ts";
import { failureOf } from "./failure-of.ts";

test("an error is told by its class, message and code", () => {
  expect(failureOf(new TypeError("no rows"))).toMatchObject({ name: "TypeError", message: "no rows" });
  expect(failureOf(new TaskTimeoutError("late"))).toMatchObject({ name: "TaskTimeoutError", code: "TASK_TIMED_OUT" });
  expect(failureOf(new StoreError("STORAGE_FULL", "full"))).toMatchObject({ code: "STORAGE_FULL" });
});

test("a code of the user's own is not taken for one of Weir's", () => {
  expect(failureOf(Object.assign(new Error("gone"), { code: "ENOENT" }))).not.toHaveProperty("code");
});

test("the stack has the user's frames only", () => {
  const error = new Error("x");
  error.stack = `Error: x\n    at load (file:///flows/a.ts:3:7)\n    at node:internal/x:1:1\n    at new Promise (<anonymous>)\n    at run (${import.meta.url}:1:1)`;
  expect(failureOf(error).stack).toBe("    at load (file:///flows/a.ts:3:7)");
});

test("causes are told to the fifth and no deeper", () => {
  let error = new Error("0");
  for (let depth = 1; depth < 10; depth += 1) error = new Error(String(depth), { cause: error });
  expect(JSON.stringify(failureOf(error)).match(/"cause"/g)).toHaveLength(LIMITS.causeDepth);
});

test("what an AggregateError holds is told, with causes of its own, to fifty failures in all", () => {
  const inner = new Error("inner", { cause: new TypeError("deep") });
  expect(failureOf(new AggregateError([inner, "text"], "all"))).toMatchObject({
    message: "all",
    errors: [
      { message: "inner", cause: { name: "TypeError", message: "deep" } },
      { name: "Thrown", message: "text" },
    ],
  });
  const wide = new AggregateError(Array.from({ length: 40 }, () => new AggregateError([inner, inner, inner])));
  expect(JSON.stringify(failureOf(wide)).match(/"name"/g)).toHaveLength(LIMITS.innerFailures + 1);
});

test("long texts are cut, texts that cannot be stored are mended", () => {
  const { message } = failureOf(new Error("x".repeat(100_000)));
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(LIMITS.messageBytes);
  expect(message).toContain("[cut by Weir:");
  expect(failureOf(new Error("a\u0000b")).message).toBe("a\uFFFDb");
});

test.each([
  ["a text", "a text"],
  [undefined, "undefined"],
  [{ code: 7 }, "{ code: 7 }"],
])("whatever else is thrown is told: %j", (thrown, message) => {
  expect(failureOf(thrown)).toEqual({ name: "Thrown", message });
});

test("an error that cannot be read is told all the same", () => {
  const broken = new Error("x");
  Object.defineProperty(broken, "message", {
    get: () => {
      throw new Error("no");
    },
  });
  expect(failureOf(broken).message).toBe("something was thrown whose message cannot be read");
});
