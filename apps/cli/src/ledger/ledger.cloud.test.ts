import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { written } from "../testing/weir.ts";
import { type CliStage, setStage } from "../testing/with-cloud.ts";

// The ledger of an agent that is at work, read by other processes.

const AGENT = ["--directory", "agent"] as const;
let stage: CliStage;
let run: string;

beforeAll(async () => {
  stage = await setStage(true);
  const ran = await stage.json<{ flowRun: { id: string } }>(["run", "sum.flow.ts", "-p", "upTo=2"]);
  run = ran.flowRun.id;
});
afterAll(() => stage.end());

test("show tells what was sent about a run, to people and to programs", async () => {
  const { code, out } = await stage.weir(["ledger", "show", "--run", run, ...AGENT]);
  expect(code).toBe(0);
  expect(out).toMatch(/#\d+ +20\S+Z {2}report +\d\S* k?B {2}[0-9a-f-]{36}\n +attempt 1 · events 1 to \d+: 1 flow/);
  expect(out).toMatch(/ 1 log.* · metadata sent.* · log (sent|redacted)/);
  const { entries } = await stage.json<{ entries: { run: string; sha256: string }[] }>([
    "ledger",
    "show",
    "--run",
    run,
    ...AGENT,
  ]);
  expect(entries.length).toBeGreaterThan(0);
  expect(entries.every((entry) => entry.run === run && /^[0-9a-f]{64}$/.test(entry.sha256))).toBe(true);
  const future = await stage.json<{ entries: unknown[] }>(["ledger", "show", "--since", "2999-01-01", ...AGENT]);
  expect(future.entries).toEqual([]);
});

test("show --follow goes on with what is sent", async () => {
  const following = stage.start(["ledger", "show", "--follow", "--since", "0s", ...AGENT]);
  const ran = await stage.json<{ flowRun: { id: string } }>(["run", "sum.flow.ts", "-p", "upTo=1"]);
  await written(following, ran.flowRun.id);
  following.child.kill("SIGINT");
  expect((await following.ended).code).toBe(130);
});

test("summary counts by class and deed, message and run", async () => {
  const { code, out } = await stage.weir(["ledger", "summary", ...AGENT]);
  expect(code).toBe(0);
  expect(out).toMatch(/^\d+ messages, \S+ k?B\n/);
  expect(out).toMatch(/\nmetadata +sent +\d+ +\S+ k?B/);
  expect(out).toMatch(/\nclaim +\d+/);
  expect(out).toContain(run);
});

test("verify proves it while the agent runs, and fits a head that was noted", async () => {
  const first = await stage.weir(["ledger", "verify", ...AGENT]);
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^✓ \d+ entries in 1 segment: none was changed/) });
  const head = /head (\d+:[0-9a-f]{64})/.exec(first.out)?.[1] ?? "";
  await stage.weir(["run", "sum.flow.ts", "-p", "upTo=1"]);
  expect((await stage.weir(["ledger", "verify", "--expect", head, ...AGENT])).code).toBe(0);
  const [number = ""] = head.split(":");
  const other = await stage.weir(["ledger", "verify", "--expect", `${number}:${"0".repeat(64)}`, ...AGENT]);
  expect(other).toMatchObject({
    code: 1,
    out: expect.stringContaining(`✗ Entry ${number} is not the one that what was`),
  });
});

test("diff finds that the cloud holds what was sent, and nothing else", async () => {
  await eventually(async () => (await stage.weir(["ledger", "diff", run, ...AGENT])).code === 0);
  const { out } = await stage.weir(["ledger", "diff", run, ...AGENT]);
  expect(out).toContain("✓ The cloud holds nothing of this run that was not sent.");
  const diff = await stage.json<{ attempts: { sent: string; held: string }[] }>(["ledger", "diff", run, ...AGENT]);
  expect(diff.attempts).toMatchObject([{ attempt: 1 }]);
  expect(diff.attempts[0]?.sent).toBe(diff.attempts[0]?.held);
});

test("diff finds a log line that the cloud made up, and one that it lost", async () => {
  const { pool } = stage.cloud.database;
  await pool.query(
    `insert into logs (tenant_id, flow_run_id, attempt, number, at, level, text)
     select tenant_id, flow_run_id, 2, 1, at, 30, 'made up' from logs where flow_run_id = $1 limit 1`,
    [run],
  );
  const madeUp = await stage.weir(["ledger", "diff", run, ...AGENT]);
  expect(madeUp).toMatchObject({
    code: 1,
    out: expect.stringContaining("Attempt 2: the cloud holds events 1, and nothing"),
  });
  await pool.query("delete from logs where flow_run_id = $1", [run]);
  const lost = await stage.weir(["ledger", "diff", run, ...AGENT]);
  expect(lost).toMatchObject({
    code: 1,
    out: expect.stringMatching(/✗ Attempt 1: events \d+ were sent, and the cloud holds later/),
  });
});

test("mistakes are told in sentences", async () => {
  expect(await stage.weir(["ledger", "show", "--directory", "nowhere"])).toMatchObject({
    code: 4,
    err: expect.stringContaining("There is no ledger"),
  });
  expect(await stage.weir(["ledger", "show", "--since", "soon", ...AGENT])).toMatchObject({
    code: 2,
    err: expect.stringContaining("--since is"),
  });
  expect(await stage.weir(["ledger", "verify", "--expect", "1", ...AGENT])).toMatchObject({
    code: 2,
    err: expect.stringContaining("NUMBER:HASH"),
  });
  expect((await stage.weir(["ledger", "diff", "x", ...AGENT])).code).toBe(4);
});

// The last: it spoils the ledger.
test("verify names the line that was changed, and ends with 1", async () => {
  const file = join(stage.folder, "agent", "ledger.jsonl");
  const lines = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, [lines[0]?.replace('"bytes":', '"bytes":1'), ...lines.slice(1)].join("\n"));
  expect(await stage.weir(["ledger", "verify", ...AGENT])).toMatchObject({
    code: 1,
    out: expect.stringContaining("✗ Line 1 of ledger.jsonl was changed."),
  });
});
