import { expect, test } from "vitest";
import { createTestDatabase } from "./database.ts";

test("each test database is migrated, its own, and gone after drop", async () => {
  const made = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
  const [first, second] = made;
  await first.database.prisma.tenant.create({ data: { id: "01890000-0000-7000-8000-000000000000", name: "one" } });
  expect(await second.database.prisma.tenant.count()).toBe(0);
  await Promise.all(made.map((one) => one.drop()));
  const other = await createTestDatabase("empty");
  const { rows } = await other.database.pool.query("select from pg_database where datname = $1", [
    first.url.split("/").at(-1),
  ]);
  expect(rows).toEqual([]);
  await other.drop();
});
