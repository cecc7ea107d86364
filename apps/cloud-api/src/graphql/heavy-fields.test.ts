import { expect, test } from "vitest";
import { costOf } from "./cost-limit.ts";
import { getNamedType, type GraphQLField, isLeafType, isObjectType, isRequiredArgument, parse } from "./graphql-js.ts";
import { QUERY_LIMITS } from "./query-limits.ts";
import { schema } from "./schema.ts";
import { rootFields } from "./testing/places.ts";
import { isConnection, isPlural, selectionOf, waysToTypes } from "./testing/selections.ts";

// What may be large (any JSON, whatever lists hang below a row, what is worked out for it) is asked for on single things or in small pages: on
// the largest page it is refused for its cost, before anything is read. What is added later is looked at here too.

/** Large as they look, these are served on the largest page, each with the reason. */
const SERVED: Readonly<Record<string, string>> = {
  "Agent.waitingRuns": "ids of the first twenty, one statement for all agents",
  "Artifact.sealKeys": "one for each attempt that sealed, a few hundred characters each",
  "Flow.statistics": "numbers of so many runs, one statement for all flows",
  "FlowRun.boundary": "a word for each class of data",
  "FlowRun.failure": "most runs have none",
  "FlowRun.sealKeys": "one for each attempt that sealed, a few hundred characters each",
  "FlowVersion.boundary": "a word for each class of data",
  "KvEntry.value": "at most 64 KiB",
  "RunLimit.holders": "the first hundred, one statement for all limits",
  "TaskLimit.taskSlots": "the first hundred, one statement for all limits",
  "TaskRun.failure": "most task runs have none",
  "Waiting.agents": "the nearest few",
  "Waiting.approvals": "the first ten",
  "Waiting.limits": "one for each label of a run",
  "Waiting.taskSlots": "one for each tag that its task runs wait for",
};

/** Rows of a page within a page. */
const ROWS = 20;

type Field = GraphQLField<unknown, unknown>;

function isHeavy(field: Field): boolean {
  const named = getNamedType(field.type);
  return named.name === "JSON" || (!isLeafType(named) && (isPlural(field) || field.args.length > 0));
}

const PAGED = new Set(
  rootFields(schema).flatMap(({ field }) => {
    const named = getNamedType(field.type);
    return isObjectType(named) && isConnection(named) ? [field.name] : [];
  }),
);

const FIELDS = [...waysToTypes(schema, QUERY_LIMITS.maxPageSize).values()]
  .filter(({ type, root }) => PAGED.has(root) && !isConnection(type))
  .flatMap(({ type, query }) =>
    Object.values(type.getFields())
      .filter(isHeavy)
      .map((field) => ({ name: `${type.name}.${field.name}`, text: query(`{ ${wholeOf(field)} }`) })),
  );

/** Everything that a field answers by itself; of what it must be told, the number one. */
function wholeOf(field: Field): string {
  const named = getNamedType(field.type);
  const required = field.args.filter(isRequiredArgument).map(({ name }) => `${name}: 1`);
  if (isObjectType(named) && isConnection(named)) required.push(`first: ${ROWS}`);
  const called = required.length === 0 ? field.name : `${field.name}(${required.join(", ")})`;
  return `${called} ${selectionOf(field.type, { depth: 0 })}`;
}

const costs = (text: string) => costOf({ schema, document: parse(text), operationName: null, variableValues: {} });

test("whatever may be large is refused on the largest page, or served for a reason that is said here", () => {
  const served = FIELDS.filter(({ text }) => costs(text) <= QUERY_LIMITS.cost).map(({ name }) => name);
  const advice = "give it a `complexity` of graphql/field-cost.ts, or say in SERVED why a page of them does no harm";
  expect(served.filter((name) => SERVED[name] === undefined).map((name) => `${name}: ${advice}`)).toEqual([]);
  expect(Object.keys(SERVED).filter((name) => !served.includes(name))).toEqual([]);
  expect(FIELDS.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "FlowRun.holdings",
      "FlowRun.logs",
      "FlowRun.taskRuns",
      "FlowVersion.diff",
      "Artifact.data",
    ]),
  );
});

test("each of them is served on a single thing", () => {
  const single = [...waysToTypes(schema, 1).values()].filter(
    ({ type, root }) => PAGED.has(root) && !isConnection(type),
  );
  const refused = single.flatMap(({ type, query, steps }) =>
    Object.values(type.getFields())
      .filter((field) => steps === 1 && isHeavy(field) && costs(query(`{ ${wholeOf(field)} }`)) > QUERY_LIMITS.cost)
      .map((field) => `${type.name}.${field.name}`),
  );
  expect(refused).toEqual([]);
});
