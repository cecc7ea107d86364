import { buildSchema } from "graphql";
import { expect, test } from "vitest";
import { searchSchema } from "./search-schema.ts";

const schema = buildSchema(`
  type Query { flowRun(id: ID!): FlowRun  lastFlow: Flow }
  type Flow { name: String }
  type FlowRun { flow: Flow  state: State }
  enum State { Running }
`);

test("types and fields are found by part of their names, those that begin with it first", () => {
  expect(searchSchema(schema, "FLOW")).toEqual([
    { type: "Flow", field: null },
    { type: "FlowRun", field: "flow" },
    { type: "FlowRun", field: null },
    { type: "Query", field: "flowRun" },
    { type: "Query", field: "lastFlow" },
  ]);
  expect(searchSchema(schema, "running")).toEqual([{ type: "State", field: "Running" }]);
});

test("nothing typed finds nothing, and what introspection itself needs is not told", () => {
  expect(searchSchema(schema, " ")).toEqual([]);
  expect(searchSchema(schema, "__")).toEqual([]);
});
