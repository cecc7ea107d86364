import { columnClass, type DataClass, isPermission, type Permission } from "@weir/protocol";
import { expect, test } from "vitest";
import { columnOfField, TABLES_OF_TYPES } from "../graphql/field-classes.ts";
import { type GraphQLObjectType, isObjectType } from "../graphql/graphql-js.ts";
import { schema } from "../graphql/schema.ts";
import { neededOf } from "./needed.ts";

// What nobody thought of is not open: a field or a type that is added without a permission fails here.

/** Root fields for whoever has any credential of people, each with the reason. */
const FOR_EVERYBODY: Readonly<Record<string, string>> = {
  viewer: "tells who asks, and what they may do",
};

/** Types that show rows and need no permission, each with the reason. */
const OPEN_TYPES: Readonly<Record<string, string>> = {
  Pause: "hangs on an agent or on the queue, which need theirs",
  Tenant: "its name and age, for whoever is of it",
};

/** User data that not everybody reads who sees runs and flows. */
const OF_CLASS: Partial<Record<DataClass, Permission>> = {
  parameter: "parameter:read",
  log: "log:read",
  artifact: "artifact:read",
};

const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
const rootFields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}));
const types = Object.values(schema.getTypeMap()).filter((type): type is GraphQLObjectType => isObjectType(type));

test("every root field names the permission that it needs", () => {
  const open = rootFields.filter((field) => (neededOf(field.extensions) ?? []).length === 0).map(({ name }) => name);
  expect(open.toSorted()).toEqual(Object.keys(FOR_EVERYBODY).toSorted());
});

test("every type that shows rows names the permission that it needs, so that no way around leads to it", () => {
  const open = Object.keys(TABLES_OF_TYPES).filter((name) => {
    const type = types.find((one) => one.name === name);
    return type === undefined || (neededOf(type.extensions) ?? []).length === 0;
  });
  expect(open.toSorted()).toEqual(Object.keys(OPEN_TYPES).toSorted());
});

test("parameters, log lines and artifacts need permissions of their own wherever they are shown", () => {
  // Payloads themselves repeat names that their sender wrote.
  const showing = types.filter(({ name }) => !name.endsWith("Payload"));
  const shown = showing.flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) => {
      const [table = "", column = ""] = columnOfField(type.name, field.name)?.split(".") ?? [];
      // Values of the store are of its own permission, whatever class they have.
      const wanted = table === "kv_entries" ? "kv:read" : OF_CLASS[columnClass(table, column)];
      if (wanted === undefined) return [];
      const needed = [...(neededOf(type.extensions) ?? []), ...(neededOf(field.extensions) ?? [])];
      return [{ field: `${type.name}.${field.name}`, ok: needed.includes(wanted) }];
    }),
  );
  expect(shown.map(({ field }) => field)).toEqual(
    expect.arrayContaining(["FlowRun.parameters", "FlowVersion.parameterDefaults", "Log.text", "Artifact.data"]),
  );
  expect(shown.filter(({ ok }) => !ok)).toEqual([]);
});

test("what shows rows whole needs all three", () => {
  const field = types.find(({ name }) => name === "FlowRun")?.getFields().holdings;
  expect(neededOf(field?.extensions ?? {})).toEqual(["log:read", "parameter:read", "artifact:read"]);
});

test("what shows values of all columns needs whatever each of them needs elsewhere", () => {
  const field = rootFields.find(({ name }) => name === "holdings");
  const wanted = ["run:read", "flow:read", "agent:read", "log:read", "parameter:read", "artifact:read", "kv:read"];
  expect(neededOf(field?.extensions ?? {})).toEqual(wanted);
});

test("no permission is named that is none", () => {
  const named = types
    .flatMap((type) => [type, ...Object.values(type.getFields())])
    .flatMap(({ extensions }) => neededOf(extensions) ?? []);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((permission) => !isPermission(permission))).toEqual([]);
});
