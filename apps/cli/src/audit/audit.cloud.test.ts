import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AuditEntry } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliStage, setStage } from "../testing/with-cloud.ts";

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(false);
  for (const tag of ["a", "b", "c"]) await stage.weir(["limits", "set", tag, "1"]);
  await stage.weir(["limits", "remove", "never"]);
});
afterAll(() => stage.end());

const tamper = (sql: string) => stage.cloud.database.pool.query(sql);
const HEAD = /head (\d+:[0-9a-f]{64})/;

test("who did what is listed once each, newest first, with what was refused", async () => {
  const { code, out } = await stage.weir(["audit", "list"]);
  expect(code).toBe(0);
  expect(out.match(/deleteTaskLimit|setTaskLimit/g)).toEqual([
    "deleteTaskLimit",
    "setTaskLimit",
    "setTaskLimit",
    "setTaskLimit",
  ]);
  expect(out).toMatch(/deleteTaskLimit +NOT_FOUND/);
  const { entries } = await stage.json<{ entries: AuditEntry[] }>(["audit", "list", "--action", "setTaskLimit"]);
  expect(new Set(entries.map(({ action }) => action))).toEqual(new Set(["setTaskLimit"]));
});

test("a log that nobody touched is whole, as the cloud has it and as a file of it", async () => {
  const whole = await stage.weir(["audit", "verify"]);
  expect(whole).toMatchObject({ code: 0, out: expect.stringMatching(/8 entries: none was changed/) });
  const { out } = await stage.weir(["audit", "export"]);
  await writeFile(join(stage.folder, "audit.ndjson"), out);
  const file = ["--file", "audit.ndjson"];
  const noted = ["--expect", HEAD.exec(whole.out)?.[1] ?? ""];
  expect((await stage.weir(["audit", "verify", ...file, ...noted])).code).toBe(0);
  await writeFile(join(stage.folder, "audit.ndjson"), out.replace('"sequence":5', '"sequence":6'));
  expect(await stage.weir(["audit", "verify", ...file])).toMatchObject({
    code: 1,
    out: expect.stringContaining("Entry 5 is missing"),
  });
  expect((await stage.weir(["audit", "verify", "--expect", "9:x"])).code).toBe(2);
});

test("the first entry that was changed is named, and an end that was cut off", async () => {
  const { out } = await stage.weir(["audit", "verify"]);
  const noted = HEAD.exec(out)?.[1] ?? "";
  await tamper("update audit_entries set code = 'CONFLICT' where sequence = 8");
  expect(await stage.weir(["audit", "verify"])).toMatchObject({
    code: 1,
    out: expect.stringContaining("Entry 8 was changed"),
  });
  await tamper("delete from audit_entries where sequence = 8");
  const cut = "Entry 8 is missing: the log ends at entry 7";
  expect(await stage.weir(["audit", "verify"])).toMatchObject({ code: 1, out: expect.stringContaining(cut) });
  await tamper("update audit_heads h set sequence = 7, hash = e.hash from audit_entries e where e.sequence = 7");
  expect((await stage.weir(["audit", "verify"])).code).toBe(0);
  expect(await stage.weir(["audit", "verify", "--expect", noted])).toMatchObject({
    code: 1,
    out: expect.stringContaining(cut),
  });
});
