import { expect, test } from "vitest";
import { getNamedType, isLeafType, isObjectType, isUnionType } from "./graphql-js.ts";
import { schema } from "./schema.ts";
import { rootFields } from "./testing/places.ts";
import { isConnection, isPlural } from "./testing/selections.ts";

/** Lists of objects that are no pages: what bounds them. */
const BOUNDED: Readonly<Record<string, string>> = {
  "Agent.waitingRuns": "the first twenty",
  "Artifact.sealKeys": "as many as one message may carry",
  "CancelFlowRunsPayload.refused": "as many as one call may name",
  "RestartFlowRunsPayload.refused": "as many as one call may name",
  "Flow.schedules": "LIMITS.schedules: a registration takes no more",
  "FlowRun.artifacts": "the newest of each name, of 100 names",
  "FlowRun.holdings": "one for each table of the database",
  "FlowRun.logExtents": "one for each of the newest 20 attempts",
  "FlowRun.sealKeys": "as many as one message may carry",
  "FlowRun.states": "one for each transition; attempts are bounded by maxRecoveries and by persons who restart",
  "FlowRunHistory.buckets": "a hundred",
  "FlowRunHistoryBucket.states": "one for each state",
  "FlowRunUpdate.logs": "what one message of the stream carries",
  "FlowRunUpdate.taskRuns": "what one message of the stream carries",
  "FlowStatistics.points": "two hundred",
  "FlowVersionDiff.changes": "one for each property of a registration",
  "FlowVersionDiff.parameterChanges": "one for each parameter of a registration",
  "Query.holdings": "one for each column that may hold user data",
  "Query.roles": "those that every tenant has, and its own, whose number is bounded",
  "RunLimit.holders": "the first hundred",
  "TaskLimit.taskSlots": "the first hundred",
  "TaskRun.states": "one for each transition of one task run, whose tries and turns the flow bounds",
  "Waiting.agents": "the nearest few",
  "Waiting.approvals": "the first ten",
  "Waiting.limits": "one for each label of a run",
  "Waiting.taskSlots": "one for each tag that its task runs wait for",
  "WaitingLimit.holders": "the first few",
};

const OBJECTS = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith("__"));
const LISTS = OBJECTS.flatMap((type) =>
  isObjectType(type) && !isConnection(type)
    ? Object.values(type.getFields())
        .filter((field) => isPlural(field) && !isLeafType(getNamedType(field.type)))
        .map((field) => ({ name: `${type.name}.${field.name}`, type: getNamedType(field.type), field }))
    : [],
);

test("every list is a page with cursors, or bounded for a reason that is said here", () => {
  const unbounded = LISTS.filter(
    ({ name, type }) => !(isObjectType(type) && isConnection(type)) && BOUNDED[name] === undefined,
  );
  expect(unbounded.map(({ name }) => `${name}: make it a connection, or say in BOUNDED what bounds it`)).toEqual([]);
  expect(Object.keys(BOUNDED).filter((name) => !LISTS.some((list) => list.name === name))).toEqual([]);
});

test("every page is asked for by first, after, last and before", () => {
  const pages = LISTS.filter(({ type }) => isObjectType(type) && isConnection(type));
  for (const { name, field } of pages)
    expect(
      field.args.map((argument) => argument.name),
      name,
    ).toEqual(expect.arrayContaining(["after", "before", "first", "last"]));
  expect(pages.length).toBeGreaterThan(8);
});

test("every mutation answers a union that holds Refusal, and Refusal its code by name", () => {
  for (const { field } of rootFields(schema).filter(({ kind }) => kind === "mutation")) {
    const result = getNamedType(field.type);
    expect(isUnionType(result) && result.getTypes().map(({ name }) => name), field.name).toContain("Refusal");
  }
  const refusal = schema.getType("Refusal");
  expect(isObjectType(refusal) && String(refusal.getFields().code?.type)).toBe("RefusalCode!");
});
