import { memoryStore } from "@weir/results";
import { expect, test } from "vitest";
import { z } from "zod";
import { flow } from "../flow/flow.ts";
import { flowDefinition, type FlowDefinition } from "../flow/definition.ts";
import { templateProblem } from "./template-problem.ts";

function definition(made: object): FlowDefinition {
  const found = flowDefinition(made);
  if (found === undefined) throw new Error("not a flow");
  return found;
}

const byDay = definition(flow("by-day", { parameters: z.object({ day: z.string() }) }, ({ day }) => day));
const byHour = definition(flow("by-hour", { parameters: z.object({ hour: z.number() }) }, ({ hour }) => hour));
const anything = definition(flow("anything", (given: unknown) => given));
const using = (template: string) => [{ name: "t", tags: [], retries: 0, templates: [template] }];

test("a parameter that no flow of the file has is told by name", () => {
  expect(templateProblem([byDay, byHour], using("{parameters.month}.json"))).toContain("parameters.month");
});

test("a parameter of one of the file's flows will do, and any where a flow's parameters are not known", () => {
  expect(templateProblem([byDay, byHour], using("{parameters.hour}.json"))).toBeNull();
  expect(templateProblem([byDay, anything], using("{parameters.month}.json"))).toBeNull();
});

test("the store of a flow is looked at too", () => {
  const store = memoryStore({ location: "{parameters.month}/{task}.json" });
  const kept = definition(flow("kept", { parameters: z.object({ day: z.string() }), result: store }, ({ day }) => day));
  expect(templateProblem([kept], [])).toContain("parameters.month");
});
