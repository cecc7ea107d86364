import { type ClaimedRun, LIMITS, type ReportReply, type RunEvent } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeRunPass, signRunPass } from "../tokens/tokens.ts";
import { type DoorFixture, startDoor, type TestAgent } from "./testing/door-fixture.ts";
import { declare, flow, log, task } from "./testing/events.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor();
  agent = await door.enrol();
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

async function claimNew(): Promise<ClaimedRun> {
  await door.create();
  return await agent.claimOne();
}

const LIFE: RunEvent[] = [
  flow("Running"),
  declare(1),
  task(1, "Running", { tryNumber: 1 }),
  log("half way"),
  task(1, "Success", { location: "file:/results/1", resultBytes: 12 }),
  { kind: "artifact", at: 1, name: "report", artifact: "markdown", data: "# done" },
  flow("Success"),
];

/** Everything that is stored of a run, in one text. */
async function stored(run: ClaimedRun): Promise<string> {
  const tables = ["flow_run_states", "task_runs", "task_run_states", "logs", "artifacts"];
  const parts = tables.map((table) => `(select json_agg(t order by t) from ${table} t where flow_run_id = $1)`);
  const { rows } = await door.pool.query(`select json_build_array(${parts.join(", ")})::text as all`, [run.runId]);
  return (rows[0] as { all: string }).all;
}

async function states(run: ClaimedRun, number: number): Promise<string[]> {
  const { rows } = await door.pool.query<{ state: string; detail: { refused?: string } | null }>(
    `select state, detail from task_run_states where flow_run_id = $1 and task_run_number = $2 order by attempt, number`,
    [run.runId, number],
  );
  return rows.map(({ state, detail }) => (detail?.refused === undefined ? state : `(${state})`));
}

test("a run's whole life is stored, and its lease ends with it", async () => {
  const run = await claimNew();
  const first = await agent.reported(run, 1, LIFE.slice(0, 3));
  expect(first).toEqual({ accepted: 3, leaseSeconds: 45, orders: [], refused: [] });
  const last = await agent.reported(run, 4, LIFE.slice(3));
  expect(last).toEqual({ accepted: 7, orders: [], refused: [] });
  expect(await door.run(run.runId)).toMatchObject({
    state: "Success",
    event_number: 7,
    history: ["Scheduled", "Submitted", "Running", "Success"],
  });
  expect(await states(run, 1)).toEqual(["Pending", "Running", "Success"]);
});

test("a batch that comes twice, or again after others, changes nothing", async () => {
  const run = await claimNew();
  await agent.reported(run, 1, LIFE.slice(0, 4));
  const once = await stored(run);
  expect(await agent.reported(run, 1, LIFE.slice(0, 4))).toMatchObject({ accepted: 4, leaseSeconds: 45 });
  expect(await agent.reported(run, 2, LIFE.slice(1, 3))).toMatchObject({ accepted: 4 });
  expect(await stored(run)).toBe(once);
  await agent.reported(run, 3, LIFE.slice(2));
  const all = await stored(run);
  expect(await agent.reported(run, 5, LIFE.slice(4))).toEqual({ accepted: 7, orders: [], refused: [] });
  expect(await stored(run)).toBe(all);
});

test("the same batch sent eight times at once is stored once", async () => {
  const run = await claimNew();
  const replies = await Promise.all(Array.from({ length: 8 }, () => agent.report(run, 1, LIFE)));
  expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(await door.run(run.runId)).toMatchObject({ state: "Success", event_number: 7 });
});

test("copies of a batch, heartbeats and the next batch at once lose and repeat nothing", async () => {
  const run = await claimNew();
  await agent.reported(run, 1, [flow("Running")]);
  const lines = Array.from({ length: 20 }, (_, i) => log(`line ${i}`));
  const copies = Array.from({ length: 6 }, () => agent.report(run, 2, lines));
  const beats = Array.from({ length: 6 }, () => agent.report(run, 2, []));
  const replies = await Promise.all([...copies, ...beats]);
  expect(replies.map(({ status }) => status)).toEqual(Array(12).fill(200));
  expect(replies.slice(0, 6).map(({ body }) => body.accepted)).toEqual(Array(6).fill(21));
  expect(await door.run(run.runId)).toMatchObject({ event_number: 21 });
});

test("batches that come in the wrong order are refused with the number that is expected", async () => {
  const run = await claimNew();
  const early = await agent.report(run, 3, LIFE.slice(2));
  expect(early).toMatchObject({ status: 409, body: { code: "EVENT_GAP", expected: 1 } });
  await agent.reported(run, 1, LIFE.slice(0, 2));
  const gap = await agent.report(run, 4, LIFE.slice(3));
  expect(gap.body).toMatchObject({ code: "EVENT_GAP", expected: 3 });
  expect(gap.body.message).toContain(run.runId);
});

test("an empty batch is a heartbeat: it renews the lease and adds nothing", async () => {
  const run = await claimNew();
  await agent.reported(run, 1, [flow("Running")]);
  await door.pool.query(`update flow_runs set lease_expires_at = now() + interval '1 second' where id = $1`, [
    run.runId,
  ]);
  const before = await stored(run);
  expect(await agent.reported(run, 2, [])).toEqual({ accepted: 1, leaseSeconds: 45, orders: [], refused: [] });
  const { rows } = await door.pool.query(
    `select lease_expires_at > now() + interval '40 seconds' as renewed from flow_runs where id = $1`,
    [run.runId],
  );
  expect(rows).toEqual([{ renewed: true }]);
  expect(await stored(run)).toBe(before);
});

test("illegal transitions are refused one by one, stand in the history as such, and do not hold up their batch", async () => {
  const run = await claimNew();
  const reply = await agent.reported(run, 1, [
    flow("Running"),
    declare(1),
    task(1, "Success"),
    task(1, "Running"),
    declare(1),
    task(9, "Running"),
    flow("Submitted"),
    declare(2),
    task(2, "Running"),
  ]);
  expect(reply.accepted).toBe(9);
  expect(reply.refused.map(({ number }) => number)).toEqual([4, 5, 6, 7]);
  expect(reply.refused[0]?.reason).toBe("task run 1 is Success, which cannot become Running");
  expect(await states(run, 1)).toEqual(["Pending", "Success", "(Running)", "(Pending)"]);
  expect(await states(run, 2)).toEqual(["Pending", "Running"]);
  expect(await door.run(run.runId)).toMatchObject({ state: "Running", event_number: 9 });
});

test("rows that cannot be read are set apart one by one, and people can see that they were", async () => {
  const run = await claimNew();
  const deep = JSON.parse(`${"[".repeat(100)}${"]".repeat(100)}`) as unknown;
  const reply = await agent.report(run, 1, [
    flow("Running"),
    { kind: "bogus" },
    null,
    { ...declare(1), surprise: true },
    { ...task(1, "Running"), state: "Walking" },
    { kind: "task-run", at: 1, number: 1, task: "t", ordinal: 3_000_000_000 },
    { ...task(1, "Running"), tryNumber: 40_000 },
    { kind: "artifact", at: 1, name: "deep", artifact: "table", data: deep },
    { kind: "artifact", at: 1, name: "large", artifact: "markdown", data: "x".repeat(LIMITS.artifactBytes) },
    flow("Failed", { failure: { name: "E", message: "m", cause: deep as never } }),
    log("the last one is good", { at: 8_640_000_000_000_000 }),
  ]);
  expect(reply).toMatchObject({ status: 200, body: { accepted: 11 } });
  expect(reply.body.refused.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const { rows } = await door.pool.query<{ text: string }>(
    `select text from logs where flow_run_id = $1 and logger = 'weir' order by number`,
    [run.runId],
  );
  expect(rows).toHaveLength(9);
  expect(rows[0]?.text).toBe("Weir could not read event 2 of this run: it is of no known kind.");
  expect(rows.map(({ text }) => text).join()).not.toContain("Walking");
});

test("text that Postgres cannot store is mended, not refused", async () => {
  const run = await claimNew();
  const failure = { name: "E\u0000", message: "\ud800 half", cause: { "k\u0000": ["\u0000"] } };
  await agent.reported(run, 1, [
    flow("Running"),
    log("a\u0000b"),
    declare(1),
    task(1, "Failed", { failure: failure as never }),
  ]);
  const text = await stored(run);
  expect(text).toContain("a\ufffdb");
  expect(text).toContain("\ufffd half");
});

test("what comes after a terminal state is not taken, in the same batch or in another", async () => {
  const run = await claimNew();
  const reply = await agent.reported(run, 1, [flow("Running"), flow("Failed"), log("late"), flow("Success")]);
  expect(reply.accepted).toBe(2);
  expect(reply.refused.map(({ number }) => number)).toEqual([3, 4]);
  const late = await agent.report(run, 3, [log("late")]);
  expect(late).toMatchObject({ status: 409, body: { code: "CONFLICT" } });
  expect(late.body.message).toContain("is over (Failed)");
  expect((await agent.report(run, 3, [])).status).toBe(200);
});

test("task runs that are left open end with their flow run", async () => {
  const run = await claimNew();
  await agent.reported(run, 1, [
    flow("Running"),
    declare(1),
    task(1, "Running"),
    declare(2),
    declare(3),
    task(3, "Success"),
  ]);
  await agent.reported(run, 7, [flow("Crashed", { message: "the process was killed" })]);
  expect([await states(run, 1), await states(run, 2), await states(run, 3)]).toEqual([
    ["Pending", "Running", "Crashed"],
    ["Pending", "Cancelled"],
    ["Pending", "Success"],
  ]);
});

test("10,000 events in one report are stored, one more is refused", async () => {
  const run = await claimNew();
  const events = [flow("Running"), ...Array.from({ length: LIMITS.eventsPerReport - 1 }, (_, i) => declare(i + 1))];
  expect(await agent.reported(run, 1, events)).toMatchObject({ accepted: LIMITS.eventsPerReport, refused: [] });
  const more = await agent.report(run, events.length + 1, [...events, log("one more")]);
  expect(more).toMatchObject({ status: 400, body: { code: "INVALID" } });
});

test("bodies that are cut off, too large, of another type or another shape are refused with a sentence each", async () => {
  const run = await claimNew();
  const path = `/v1/runs/${run.runId}/reports`;
  const send = (body: unknown, headers = {}) => door.post(path, run.runToken, body, headers);
  const good = JSON.stringify({ attempt: 1, first: 1, events: LIFE });
  const cut = await send(good.slice(0, -40));
  expect(cut).toMatchObject({ status: 400, body: { code: "INVALID" } });
  expect(cut.body.message).toContain("cut off");
  const large = await send(JSON.stringify({ attempt: 1, first: 1, events: [log("x".repeat(LIMITS.reportBytes))] }));
  expect(large).toMatchObject({ status: 413, body: { code: "TOO_LARGE" } });
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "application/jsonp",
  ]) {
    expect(await send(good, { "content-type": type })).toMatchObject({
      status: 415,
      body: { code: "UNSUPPORTED_MEDIA_TYPE" },
    });
  }
  expect(await send("")).toMatchObject({ status: 400, body: { code: "INVALID" } });
  expect(await send({ attempt: 1, first: 0, events: [] })).toMatchObject({ status: 400 });
  expect(await send('{"attempt":1,"first":1,"events":[],"__proto__":{"a":1}}')).toMatchObject({ status: 400 });
  expect(await door.run(run.runId)).toMatchObject({ state: "Submitted", event_number: 0 });
});

test("a token opens its own run in its own attempt, and nothing else", async () => {
  const [one, other] = [await claimNew(), await claimNew()];
  for (const verb of ["reports", "release", "slots", "cached"]) {
    const foreign = await door.post(`/v1/runs/${other.runId}/${verb}`, one.runToken, { attempt: 1 });
    expect(foreign).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
  }
  const forged = await door.post(`/v1/runs/${one.runId}/reports`, one.runToken, { attempt: 2, first: 1, events: [] });
  expect(forged).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
  const session = await door.post(`/v1/runs/${one.runId}/reports`, agent.session, { attempt: 1, first: 1, events: [] });
  expect(session).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
});

test("a worn token is replaced with a report's reply, and one that has just ended still opens the live attempt", async () => {
  const run = await claimNew();
  const from = { runId: run.runId, tenantId: door.tenantId, agentId: agent.agentId, attempt: 1 };
  const aged = (seconds: number) => signRunPass(door.secrets, makeRunPass(from, 45, Date.now() - seconds * 1000));
  const report = (token: string, attempt = 1) =>
    door.post<ReportReply>(`/v1/runs/${run.runId}/reports`, token, { attempt, first: 1, events: [] });
  expect((await report(await aged(10))).body.runToken).toBeUndefined();
  for (const age of [70, 3600]) {
    const { status, body } = await report(await aged(age));
    expect([status, typeof body.runToken]).toEqual([200, "string"]);
    expect((await report(body.runToken ?? "")).body).toMatchObject({ accepted: 0, leaseSeconds: 45 });
  }
  expect((await report(await aged(48 * 3600))).body.code).toBe("SESSION_EXPIRED");
  await agent.release(run, "drain");
  await agent.claimOne();
  expect((await report(await aged(70))).body.code).toBe("STALE_ATTEMPT");
});
