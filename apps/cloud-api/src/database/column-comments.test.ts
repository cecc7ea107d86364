import { columnComment, HELD_TABLES } from "@weir/protocol";
import { createTestDatabase } from "@weir/testing/database";
import type { TestDatabase } from "@weir/testing/database";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commentDrift } from "./column-comments.ts";

let made: TestDatabase;
beforeEach(async () => {
  made = await createTestDatabase();
});
afterEach(() => made.drop());

const drift = () => commentDrift(made.database.pool);

test("every table and every column says in the database what the protocol says that it holds", async () => {
  expect(await drift()).toBeNull();
});

test("partitions say it too", async () => {
  const { rows } = await made.database.pool.query<{ comment: string | null }>(
    `select col_description(a.attrelid, a.attnum) as comment from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'partitions'::regnamespace and c.relname like 'logs\\_%' and a.attname = 'text'`,
  );
  expect(rows.length).toBeGreaterThan(0);
  const text = HELD_TABLES.logs?.columns.text;
  for (const { comment } of rows) expect(comment).toBe(text && columnComment(text));
});

test("a table, a column or a comment that the protocol does not know is told, and so is what is gone", async () => {
  await made.database.pool.query(`
    create table diaries (tenant_id uuid not null);
    alter table logs add column smell text;
    alter table artifacts drop column kind;
    comment on column users.email is 'class: nothing; who''s there?'`);
  expect((await drift())?.trim().split("\n")).toEqual([
    "-- diaries is not in HELD_TABLES: say there what it holds, and of which class that is.",
    "-- diaries.tenant_id is not in HELD_TABLES: say there what it holds, and of which class that is.",
    "-- logs.smell is not in HELD_TABLES: say there what it holds, and of which class that is.",
    `COMMENT ON COLUMN "users"."email" IS 'class: metadata; address of the account, in lower case';`,
    "-- HELD_TABLES has artifacts.kind, the database has not.",
  ]);
});
