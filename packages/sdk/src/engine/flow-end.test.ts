import { expect, test } from "vitest";
import { flow } from "../flow/flow.ts";
import { fail, skip } from "../signals.ts";
import { task } from "../task/task.ts";
import { record } from "../testing/recorded-run.ts";

const one = task("one", async () => 1);
const boom = task("boom", async () => {
  throw new RangeError("boom");
});
const pass = task("pass", (x: unknown) => x);

test("it returns: Success, after all that it started has ended", async () => {
  const later = task("later", async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
  const { end, states } = await record(
    flow("f", () => {
      void later();
      return "done";
    }),
  );
  expect(end).toEqual({ state: "Success", value: "done" });
  expect(states("later")).toEqual(["Pending", "Running", "Success"]);
});

test("it throws: Failed with that failure, and what it started ends first", async () => {
  const { end, events, states } = await record(
    flow("f", async () => {
      void one();
      throw new TypeError("bad day");
    }),
  );
  expect(end).toMatchObject({ state: "Failed", error: { message: "bad day" } });
  expect(states("one").at(-1)).toBe("Success");
  expect(events.at(-1)).toMatchObject({ state: "Failed", failure: { name: "TypeError", message: "bad day" } });
});

test("a failed task that the flow awaits throws its own error into it", async () => {
  const body = async () => {
    try {
      await boom();
    } catch (error) {
      return error instanceof RangeError ? "caught" : "other";
    }
    return "nothing";
  };
  expect((await record(flow("f", body))).end).toEqual({ state: "Success", value: "caught" });
  expect((await record(flow("f", async () => await boom()))).end).toMatchObject({
    state: "Failed",
    error: RangeError("boom"),
  });
});

test("a failure that nobody awaited, settled or handed on fails the flow, and is named", async () => {
  const { end, events } = await record(
    flow("f", async () => {
      void boom();
      void boom();
      await one();
      return 1;
    }),
  );
  expect(end).toMatchObject({ state: "Failed", error: { message: "boom" } });
  expect(events.at(-1)).toMatchObject({
    message: 'Failed because of the task "boom" (task run 1), and 1 more. Nobody awaited it. boom',
    failure: { name: "RangeError" },
  });
});

test("a failure that was handed on is the taker's: its own failure counts", async () => {
  const { end } = await record(flow("f", () => void pass(boom())));
  expect(end).toMatchObject({ state: "Failed", error: { code: "UPSTREAM_FAILED" } });
});

test("failures that Promise.allSettled looked after do not fail the flow", async () => {
  const { end } = await record(
    flow("f", async () => (await Promise.allSettled([boom(), one()])).map(({ status }) => status)),
  );
  expect(end).toEqual({ state: "Success", value: ["rejected", "fulfilled"] });
});

test("it returns task runs: these decide, and their values are its value", async () => {
  const ended = await record(
    flow("f", async () => {
      void boom();
      return [one(), pass("x")] as const;
    }),
  );
  expect(ended.end).toEqual({ state: "Success", value: [1, "x"] });
  const single = await record(flow("f", () => one()));
  expect(single.end).toEqual({ state: "Success", value: 1 });
  const failed = await record(flow("f", async () => [one(), boom()]));
  expect(failed.end).toMatchObject({ state: "Failed", error: { message: "boom" } });
  expect(failed.events.at(-1)).toMatchObject({ message: expect.stringContaining("The flow returned it") as string });
});

test("fail() in the flow itself is a failure like any other, skip() there is told", async () => {
  const failed = await record(
    flow("f", () => {
      throw fail("not today");
    }),
  );
  expect(failed.end).toMatchObject({ state: "Failed", error: { name: "Fail", message: "not today" } });
  const skipped = await record(
    flow("f", () => {
      throw skip("not today");
    }),
  );
  expect(skipped.events.at(-1)).toMatchObject({
    failure: {
      message: 'skip("not today") was thrown by the flow itself. Throw it inside a task: only tasks can do that.',
    },
  });
});

test("a task that is called after the flow has ended is refused by name", async () => {
  let late: (() => unknown) | undefined;
  await record(
    flow("f", () => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      late = () => resolve(null);
      // Never awaited: the flow's context lives on in it.
      outcome = promise.then(() => one());
    }),
  );
  late?.();
  await expect(outcome).rejects.toThrow(
    'The task "one" was called after the flow "f" had ended. Await what the flow starts.',
  );
});

let outcome: Promise<unknown> | undefined;
