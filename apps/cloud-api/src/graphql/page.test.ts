import { Refusal } from "@weir/protocol";
import { expect, test } from "vitest";
import { BY_EVENT, BY_ID, BY_NUMBER, newestFirst, page } from "./page.ts";

const ROWS = [1, 2, 3, 4, 5].map((number) => ({ number }));

/** Reads from ROWS as a statement would. */
const pageOfRows = (args: object) =>
  page(args, BY_NUMBER, ({ after, before, fromEnd, limit }) => {
    const between = ROWS.filter(({ number }) => number > (after ?? 0) && number < (before ?? 99));
    return Promise.resolve((fromEnd ? between.toReversed() : between).slice(0, limit));
  });

test.each([
  [{ first: 2 }, [1, 2], { hasNextPage: true, hasPreviousPage: false }],
  [{ first: 2, after: "2" }, [3, 4], { hasNextPage: true, hasPreviousPage: true }],
  [{ first: 2, after: "4" }, [5], { hasNextPage: false, hasPreviousPage: true }],
  [{ last: 2 }, [4, 5], { hasNextPage: false, hasPreviousPage: true }],
  [{ last: 2, before: "4" }, [2, 3], { hasNextPage: true, hasPreviousPage: true }],
  [{}, [1, 2, 3, 4, 5], { hasNextPage: false, hasPreviousPage: false }],
  [{ first: 0 }, [], { hasNextPage: true, hasPreviousPage: false }],
])("page %j", async (args, numbers, pageInfo) => {
  const found = await pageOfRows(args);
  expect(found?.edges.map((edge) => edge.node.number)).toEqual(numbers);
  expect(found?.pageInfo).toMatchObject(pageInfo);
});

test("a cursor that is none is refused by name", () => {
  expect(() => pageOfRows({ before: "last" })).toThrow(Refusal);
  expect(() => pageOfRows({ before: "last" })).toThrow(/before: "last"/);
});

test("cursors are read as they are written, and nothing else is", () => {
  const id = "01900000-0000-7000-8000-000000000000";
  expect(BY_ID.read(BY_ID.write({ id }))).toBe(id);
  expect(BY_NUMBER.read(BY_NUMBER.write({ number: 7 }))).toBe(7);
  expect(BY_EVENT.read(BY_EVENT.write({ attempt: 2, number: 9 }))).toEqual({ attempt: 2, number: 9 });
  for (const text of ["", "x", "1.2.3", "-1", "1e3", "9999999999"]) expect(BY_NUMBER.read(text), text).toBeNull();
  for (const text of ["", "1", "99999.1", "1.9999999999", "1.-1"]) expect(BY_EVENT.read(text), text).toBeNull();
});

test("newest first is below the cursor, and never without the tenant", () => {
  const asked = newestFirst("t", { after: "m", before: null, fromEnd: false, limit: 3 });
  expect(asked).toEqual({ where: { tenantId: "t", id: { lt: "m" } }, orderBy: { id: "desc" }, take: 3 });
});
