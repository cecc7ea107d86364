import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { flow } from "../flow/flow.ts";
import { task } from "../task/task.ts";
import {
  approve,
  expectStates,
  failTask,
  hangTask,
  restart,
  stubTask,
  type StandIn,
  type TestResult,
  testRun,
} from "./index.ts";

const load = task("load", async (day: string): Promise<number[]> => [day.length]);
const report = flow("report", { parameters: z.object({ day: z.string(), top: z.number().default(1) }) }, ({ day }) =>
  load(day),
);

test("a result has the flow's value, and so has a restarted or approved one", async () => {
  const run = () => testRun(report, { day: "mon" });
  expectTypeOf<Awaited<ReturnType<typeof run>>>().toEqualTypeOf<TestResult<number[]>>();
  expectTypeOf(restart<number[]>).returns.resolves.toEqualTypeOf<TestResult<number[]>>();
  expectTypeOf(approve<number[]>).returns.resolves.toEqualTypeOf<TestResult<number[]>>();
  // @ts-expect-error parameters are the flow's
  void (() => testRun(report, { day: 1 }));
  // @ts-expect-error a flow, not a task
  void (() => testRun(load, "mon"));
});

test("a stub takes what the task takes and gives what it gives; of a name nothing is known", () => {
  expectTypeOf(stubTask(load, (day) => [day.length])).toEqualTypeOf<StandIn>();
  expectTypeOf(stubTask(load, async () => [1])).toEqualTypeOf<StandIn>();
  stubTask(load, (day) => {
    expectTypeOf(day).toEqualTypeOf<string>();
    return [];
  });
  // @ts-expect-error the task gives a list of numbers
  stubTask(load, () => "rows");
  // @ts-expect-error the task takes a text
  stubTask(load, (day: number) => [day]);
  stubTask("load", (...anything: string[]) => anything.length);
});

test("places and states are known words", () => {
  failTask(load, { index: [1, 2], tryNumber: 1, call: 0, times: 2, error: "no" });
  // @ts-expect-error there is no such place
  hangTask(load, { trial: 1 });
  void ((result: TestResult<number[]>) => {
    expectStates(result, load, ["Pending", "Running", "Success"]);
    // @ts-expect-error there is no such state
    expectStates(result, load, ["Pending", "Done"]);
  });
});
