import { expect, test } from "vitest";
import { byClass, type ColumnHolding, sumOf } from "./class-holdings.ts";

const column = (dataClass: string, counts: Partial<ColumnHolding>): ColumnHolding => ({
  table: "logs",
  column: "text",
  about: "the line",
  dataClass,
  values: 0,
  sealed: 0,
  pseudonyms: 0,
  plain: 0,
  isMore: false,
  sample: null,
  ...counts,
});

test("columns of a class stand together with their sums, and what no file decides about stands last", () => {
  const found = byClass([
    column("digest", { values: 1, pseudonyms: 1 }),
    column("log", { values: 5, sealed: 3, plain: 2 }),
    column("parameter", { values: 1, plain: 1 }),
    column("log", { values: 2, plain: 2, isMore: true }),
  ]);
  expect(found.map(({ dataClass }) => dataClass)).toEqual(["parameter", "log", "digest"]);
  expect(found[1]).toMatchObject({ values: 7, sealed: 3, pseudonyms: 0, plain: 4, isMore: true });
  expect(found[1]?.columns).toHaveLength(2);
});

test("nothing sums up to nothing", () => {
  expect(sumOf([])).toEqual({ values: 0, sealed: 0, pseudonyms: 0, plain: 0, isMore: false });
});
