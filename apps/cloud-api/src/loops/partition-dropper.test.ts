import { createTestDatabase, type TestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS, ensurePartitions, partitionNames } from "../database/partitions.ts";
import { createFlowRun } from "../flow-runs/create-flow-run.ts";
import { makeTenant } from "../run-door/testing/door-fixture.ts";
import { partitionDropper } from "./partition-dropper.ts";
import { partitionKeepers } from "./partition-keepers.ts";

let made: TestDatabase;
beforeAll(async () => {
  made = await createTestDatabase();
});
afterAll(() => made.drop());

test("a turn drops what is older than the days that are kept, and says once why a day stays", async () => {
  const { pool } = made.database;
  const tenantId = await makeTenant(pool);
  const { id: runId } = await createFlowRun(pool, { tenantId, project: "p", flow: "f" });
  const logged: object[] = [];
  const log = { info: (details: object) => void logged.push(details) } as never;
  const today = Date.now();
  let now = today;
  const { tick } = partitionDropper({ pool, retentionDays: 30, log, now: () => new Date(now) });
  await ensurePartitions(pool, new Date(today));
  const before = await partitionNames(pool);
  await tick();
  expect([await partitionNames(pool), logged]).toEqual([before, []]);

  now = today + 33 * DAY_MS;
  await tick();
  await tick();
  const day = new Date(today).toISOString().slice(0, 10).replaceAll("-", "");
  expect([...new Set((await partitionNames(pool)).map((name) => name.split("_").at(-1)))][0]).toBe(day);
  expect(logged).toEqual([{ partitions: expect.arrayContaining([expect.stringMatching(/^logs_/)]) }, { day, runId }]);
});

test("nothing is dropped unless an operator says after how many days", async () => {
  const keepers = (retentionDays: number | null) =>
    partitionKeepers(made.database.pool, { retentionDays }, { info: () => undefined });
  const names = (retentionDays: number | null) => keepers(retentionDays).map(({ name }) => name);
  expect(names(null)).toEqual(["partition-maker"]);
  expect(names(90)).toEqual(["partition-maker", "partition-dropper"]);
});
