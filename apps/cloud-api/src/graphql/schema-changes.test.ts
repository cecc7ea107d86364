import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildSchema } from "./graphql-js.ts";
import { printedSchema, schema } from "./schema.ts";
import { breakingChanges, DAYS_OF_DEPRECATION, undatedDeprecations } from "./testing/schema-changes.ts";

// `schema.released.graphql` is the schema that programs of others were written for. A release copies schema.graphql over it.
const released = readFileSync(new URL("../../schema.released.graphql", import.meta.url), "utf8");

const BY_PERMISSION =
  "reading it is a right of its own: null, with an error FORBIDDEN, for a role that does not have it";

/** Breaking changes that are made all the same, each with its reason. A release empties this list. */
const ALLOWED: Readonly<Record<string, string>> = {
  "FlowRun.artifacts changed type from [Artifact!]! to [Artifact!].": BY_PERMISSION,
  "FlowRun.holdings changed type from [Holding!]! to [Holding!].": BY_PERMISSION,
  "FlowRun.logs changed type from LogConnection! to LogConnection.": BY_PERMISSION,
  "FlowRun.parameters changed type from JSON! to JSON.": BY_PERMISSION,
  "FlowRunUpdate.logs changed type from [Log!]! to [Log!].": BY_PERMISSION,
  "Schedule.definition changed type from JSON! to JSON.": BY_PERMISSION,
  "Viewer.keyId changed type from ID! to ID.": "a person who signed in by a browser has no key",
};

test("nothing that programs rely on is taken away before it was deprecated for long enough", () => {
  const changes = breakingChanges(released, printedSchema(), new Date());
  expect(
    changes.filter((change) => ALLOWED[change] === undefined),
    `deprecate it first ("Since <day>: use …", ${DAYS_OF_DEPRECATION} days), or give a reason in ALLOWED`,
  ).toEqual([]);
  expect(Object.keys(ALLOWED).filter((change) => !changes.includes(change))).toEqual([]);
});

test("every deprecation says since when, and what to use", () => {
  expect(undatedDeprecations(schema)).toEqual([]);
});

const OLD = `
  type Query { kept: Int gone(arg: Int): Int @deprecated(reason: "Since 2026-01-01: use \`kept\`.") other: String! thing: Thing }
  enum Thing { A B @deprecated(reason: "Since 2026-01-01: use A.") }
`;
const NEW = "type Query { kept: Int other: String thing: Thing } enum Thing { A }";

test("a removal before its time and a change of type break programs; a removal after it does not", () => {
  const nullable = "Query.other changed type from String! to String.";
  expect(breakingChanges(OLD, NEW, new Date("2026-03-31"))).toEqual(
    expect.arrayContaining([nullable, "Query.gone was removed.", "B was removed from enum type Thing."]),
  );
  expect(breakingChanges(OLD, NEW, new Date("2026-04-01"))).toEqual([nullable]);
  expect(breakingChanges(NEW, NEW, new Date())).toEqual([]);
});

test("a removal that was never deprecated breaks programs, however late", () => {
  expect(breakingChanges("type Query { a: Int b: Int }", "type Query { a: Int }", new Date("2099-01-01"))).toEqual([
    "Query.b was removed.",
  ]);
});

test("a deprecation without its day is found", () => {
  const undated = buildSchema(
    'type Query { a: Int @deprecated(reason: "use b") b(c: Int @deprecated(reason: "Since 2026-01-01: use d.")): Int }',
  );
  expect(undatedDeprecations(undated)).toEqual(['Query.a: "use b"']);
});
