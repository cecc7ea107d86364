import { HELD_TABLES, NOT_HELD } from "@weir/protocol";
import { expect, test } from "vitest";
import { COLUMNS_OF_FIELDS, columnOfField, inputClasses, TABLES_OF_TYPES } from "./field-classes.ts";
import { isInputObjectType, isObjectType } from "./graphql-js.ts";
import { printedSchema, schema } from "./schema.ts";

/** Texts and JSON that are no column's: made by the cloud of metadata, or pages of what else is here. */
const MADE_BY_THE_CLOUD = new Set([
  "ColumnHolding.about",
  "ColumnHolding.column",
  "ColumnHolding.dataClass",
  "ColumnHolding.table",
  "FlowRunUpdate.after",
  "Holding.table",
  "PageInfo.endCursor",
  "PageInfo.startCursor",
  "Refusal.message",
  "Schedule.zone",
  "TaskRunState.refused",
  "CreateApiKeyPayload.key",
  "RotateApiKeyPayload.key",
  "DeleteServiceAccountPayload.name",
  "Viewer.permissions",
  "DeleteRunLimitPayload.label",
  "LeftRuns.message",
  "DeleteTaskLimitPayload.tag",
  "Waiting.command",
  "InviteMemberPayload.path",
  "Waiting.sentence",
]);
const SHOWS_ROWS = new Set(["Holding.sample", "ColumnHolding.sample"]);

interface Field {
  readonly name: string;
  readonly type: string;
  readonly field: string;
  readonly description: string;
}

function fieldsOf(kind: "answered" | "sent"): Field[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    const own =
      kind === "answered" ? isObjectType(type) && type.getFields() : isInputObjectType(type) && type.getFields();
    if (own === false || type.name.startsWith("__")) return [];
    return Object.keys(own).flatMap((field) => {
      const { type: shown, description } = own[field] ?? {};
      if (!TEXTS.includes(String(shown).replaceAll(/[[\]!]/g, ""))) return [];
      return [{ name: `${type.name}.${field}`, type: type.name, field, description: description ?? "" }];
    });
  });
}

const TEXTS = ["String", "JSON"];

const columnClassOf = (place: string) => {
  const [table = "", column = ""] = place.split(".");
  return HELD_TABLES[table]?.columns[column]?.dataClass;
};

test("every text and every JSON that is answered is a column's, or known to be made by the cloud", () => {
  const unknown = fieldsOf("answered").filter(
    ({ name, type, field }) =>
      columnOfField(type, field) === null &&
      !MADE_BY_THE_CLOUD.has(name) &&
      !name.endsWith("Edge.cursor") &&
      !SHOWS_ROWS.has(name),
  );
  expect(unknown.map(({ name }) => name)).toEqual([]);
});

test("a field that shows user data says its class, and no other field says one", () => {
  const classes = new Set<string>();
  for (const { name, type, field, description } of fieldsOf("answered")) {
    const dataClass = columnClassOf(columnOfField(type, field) ?? "") ?? "metadata";
    if (SHOWS_ROWS.has(name)) expect(description).toContain("Class: all of them.");
    else if (dataClass === "metadata") expect(description, name).not.toMatch(/Class(es)?:/);
    else expect(description, name).toMatch(new RegExp(`Class: ${dataClass}\\.$`));
    classes.add(dataClass);
  }
  // Digests and keys of the cache are shown to nobody but in holdings.
  expect([...classes].sort()).toEqual([
    "artifact",
    "config",
    "exception",
    "location",
    "log",
    "metadata",
    "parameter",
    "run-name",
  ]);
});

test("what a mutation takes says the classes of its message's variables", () => {
  const inputs = inputClasses(schema);
  for (const { name, description } of fieldsOf("sent")) {
    if (/^(FlowRun|Audit|Log)Filter\./.test(name)) continue;
    const classes = [...(inputs.get(name) ?? [])];
    expect(classes.length, `${name} is in no message of the protocol`).toBeGreaterThan(0);
    const written = classes.filter((one) => one !== "metadata").sort();
    if (written.length === 0) expect(description, name).not.toMatch(/Class(es)?:/);
    else expect(description, name).toMatch(new RegExp(`Class(es)?: ${written.join(", ")}\\.$`));
  }
  expect(inputs.get("RegisterFlowInput.registration")).toEqual(new Set(["metadata", "parameter", "config"]));
  expect(inputs.get("CreateFlowRunInput.parameters")).toEqual(new Set(["parameter"]));
});

test("every name in these lists is one of the schema's, and of the database's", () => {
  const fields = new Set(fieldsOf("answered").map(({ name }) => name));
  for (const name of [...Object.keys(COLUMNS_OF_FIELDS), ...MADE_BY_THE_CLOUD]) expect(fields).toContain(name);
  for (const place of Object.values(COLUMNS_OF_FIELDS)) expect(columnClassOf(place), place).toBeDefined();
  for (const [type, table] of Object.entries(TABLES_OF_TYPES)) {
    expect(isObjectType(schema.getType(type)), type).toBe(true);
    expect(HELD_TABLES).toHaveProperty(table);
  }
  expect(Object.keys(NOT_HELD)).toEqual(["cached cacheKey"]);
});

test("the printed schema says it too", () => {
  expect(printedSchema()).toMatch(/Class: log\.\s*"""\s*text: String!|"""Class: log\."""\s*text: String!/);
});
