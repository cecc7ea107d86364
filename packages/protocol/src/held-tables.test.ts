import { expect, test } from "vitest";
import { crossingFields } from "./crossing.ts";
import { columnClass, HELD_TABLES, NOT_HELD } from "./held-tables.ts";

const columns = Object.entries(HELD_TABLES).flatMap(([table, { columns: own }]) =>
  Object.entries(own).map(([name, column]) => ({ name: `${table}.${name}`, ...column })),
);
const userData = crossingFields().filter(({ dataClass }) => dataClass !== "metadata");

const fits = (from: string, field: string) =>
  from.endsWith(".*") ? field.startsWith(from.slice(0, -1)) : field === from;

test("every field of user data that may cross is kept in a column of its class, or known not to be kept", () => {
  const homeless = userData.filter(
    ({ field, dataClass }) =>
      !Object.hasOwn(NOT_HELD, field) &&
      !columns.some((column) => column.dataClass === dataClass && column.from.some((from) => fits(from, field))),
  );
  expect(homeless).toEqual([]);
});

test("every column of user data is filled by fields of its class, and by no others", () => {
  for (const { name, dataClass, from } of columns) {
    if (dataClass === "metadata") expect(from, name).toEqual([]);
    else expect(from.length, name).toBeGreaterThan(0);
    for (const one of from) {
      const classes = userData.filter(({ field }) => fits(one, field)).map((field) => field.dataClass);
      expect(new Set(classes), `${name} from ${one}`).toEqual(new Set([dataClass]));
    }
  }
});

test("a column that nobody knows is metadata", () => {
  expect(columnClass("logs", "text")).toBe("log");
  expect(columnClass("logs", "number")).toBe("metadata");
  expect(columnClass("tomorrow", "text")).toBe("metadata");
});
