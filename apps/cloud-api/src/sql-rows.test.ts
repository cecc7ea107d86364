import { expect, test } from "vitest";
import { createTestDatabase } from "@weir/testing/database";
import { arrayLiteral, SqlRows } from "./sql-rows.ts";

test("texts come back from Postgres as they went in, whatever they hold", async () => {
  const texts = [
    'a"b',
    String.raw`c\d`,
    "",
    "NULL",
    "{1,2}",
    " spaced ",
    "line\nbreak",
    "tab\t",
    "é😀",
    "'",
    ",",
    String.raw`\"`,
    null,
  ];
  const own = await createTestDatabase("empty");
  const { rows } = await own.database.pool.query(`select $1::text[] as texts`, [arrayLiteral(texts)]);
  await own.drop();
  expect(rows).toEqual([{ texts }]);
});

test("rows become one literal per column, in the order of the columns", () => {
  const rows = new SqlRows({ number: "int4", text: "text" });
  rows.push({ text: "b", number: 1 });
  rows.push({ number: null, text: "a" });
  expect([rows.length, rows.columnCount, rows.values()]).toEqual([2, 2, ["{1,NULL}", '{"b","a"}']]);
  expect(rows.unnest(8)).toBe("unnest($8::int4[], $9::text[]) as u(number, text)");
});
