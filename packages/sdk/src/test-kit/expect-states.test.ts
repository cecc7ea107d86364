import { AssertionError } from "node:assert";
import { expect, test } from "vitest";
import { flow } from "../flow/flow.ts";
import { task } from "../task/task.ts";
import { expectStates, failTask, testRun } from "./index.ts";

const square = task("square", (n: number) => n * n);
const squares = flow("squares", () => square.map([1, 2]));

function problem(assertion: () => void): AssertionError {
  try {
    assertion();
  } catch (error) {
    if (error instanceof AssertionError) return error;
  }
  throw new Error("it holds");
}

test("a way that was another is shown beside what was expected, with the reason", async () => {
  const result = await testRun(squares, undefined, { with: [failTask(square, { index: 1, error: "no" })] });
  const error = problem(() => expectStates(result, square, ["Pending", "Running", "Success"], { index: 1 }));
  expect(error.message).toBe(
    [
      'The task "square" (index 1) went another way.',
      "  expected  Pending → Running → Success",
      "  was       Pending → Running → Failed",
      "",
      "Error: no",
    ].join("\n"),
  );
  expect([error.actual, error.expected]).toEqual([
    ["Pending", "Running", "Failed"],
    ["Pending", "Running", "Success"],
  ]);
  // The test runner points at the test, not at this package.
  expect(error.stack?.split("\n").find((line) => line.includes("at "))).toContain("expect-states.test.ts");
});

test("a task run that was not there is told with those that were", async () => {
  const result = await testRun(squares);
  expect(problem(() => expectStates(result, "sqare", [])).message).toBe(
    'The task "sqare" was not called: there are "square".',
  );
  expect(problem(() => expectStates(result, "square", [], { call: 1 })).message).toContain(
    '"square" (call 1) was not called: it was called 1 times, and has 2 children.',
  );
  const empty = await testRun(flow("empty", () => 1));
  expect(problem(() => expectStates(empty, "square", [])).message).toContain("no task was called");
});
