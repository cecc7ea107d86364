import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, task } from "../run-door/testing/events.ts";
import { setTaskLimit } from "./set-task-limit.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor({ sweepSeconds: 3600 });
  agent = await door.enrol();
});
afterEach(() => door.pool.query(`delete from task_limits`));
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

async function ask<T>(query: string): Promise<T> {
  const { body } = await door.post<{ data: T; errors?: unknown }>("/graphql", door.userKey, { query });
  expect(body.errors).toBeUndefined();
  return body.data;
}

const SET = (tag: string, slots: number) =>
  `mutation { result: setTaskLimit(input: { tag: ${JSON.stringify(tag)}, slots: ${slots} }) {
    ... on SetTaskLimitPayload { taskLimit { tag slots held waiting } } ... on Refusal { code message } } }`;

test("a limit is set, changed, listed with who holds and who waits, and removed", async () => {
  expect(await ask(SET("db", 5))).toEqual({ result: { taskLimit: { tag: "db", slots: 5, held: 0, waiting: 0 } } });
  expect(await ask(SET("db", 1))).toMatchObject({ result: { taskLimit: { slots: 1 } } });
  await ask(SET("api", 0));
  await door.create({ name: "nightly" });
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), declare(1, { task: "load" }), declare(2)]);
  await door.post(`/v1/runs/${run.runId}/slots`, run.runToken, {
    attempt: 1,
    tasks: [
      { number: 1, tags: ["db"] },
      { number: 2, tags: ["db"] },
    ],
  });
  await agent.reported(run, 4, [task(1, "Running"), task(2, "Queued")]);
  const query = `{ taskLimits { nodes { tag slots held waiting taskSlots { flowRunId flowRunName taskRunNumber task grantedAt } } } }`;
  expect(await ask(query)).toEqual({
    taskLimits: {
      nodes: [
        { tag: "api", slots: 0, held: 0, waiting: 0, taskSlots: [] },
        {
          tag: "db",
          slots: 1,
          held: 1,
          waiting: 1,
          taskSlots: [
            {
              flowRunId: run.runId,
              flowRunName: "nightly",
              taskRunNumber: 1,
              task: "load",
              grantedAt: expect.any(String),
            },
            { flowRunId: run.runId, flowRunName: "nightly", taskRunNumber: 2, task: "t", grantedAt: null },
          ],
        },
      ],
    },
  });
  const first = `{ taskLimits(first: 1) { nodes { tag } pageInfo { endCursor hasNextPage } } }`;
  expect(await ask(first)).toEqual({
    taskLimits: { nodes: [{ tag: "api" }], pageInfo: { endCursor: "api", hasNextPage: true } },
  });
  expect(await ask(`{ taskLimits(after: "api") { nodes { tag } } }`)).toEqual({
    taskLimits: { nodes: [{ tag: "db" }] },
  });
  const gone = `mutation { result: deleteTaskLimit(tag: "db") { ... on DeleteTaskLimitPayload { tag } ... on Refusal { code message } } }`;
  expect(await ask(gone)).toEqual({ result: { tag: "db" } });
  expect(await ask(gone)).toEqual({
    result: { code: "NOT_FOUND", message: 'The tag "db" has no limit. See them with `weir limits list`.' },
  });
  await agent.reported(run, 6, [flow("Failed")]);
});

test("limits that cannot be are refused with a sentence", async () => {
  for (const slots of [-1, 10_001]) {
    expect(await ask(SET("db", slots))).toEqual({
      result: {
        code: "INVALID",
        message: `The limit of the tag "db" cannot be ${slots}; it takes a whole number from 0 (none may run) to 10000.`,
      },
    });
  }
  expect(await ask(SET(" ", 1))).toMatchObject({ result: { code: "INVALID" } });
  await door.pool.query(
    `insert into task_limits (tenant_id, tag, slots) select $1, 't' || i, 1 from generate_series(1, 1000) i`,
    [door.tenantId],
  );
  expect(await ask(SET("one more", 1))).toMatchObject({ result: { code: "INVALID" } });
  expect(await ask(SET("t7", 9))).toMatchObject({ result: { taskLimit: { slots: 9 } } });
});

test("limits of another tenant neither show nor count", async () => {
  await setTaskLimit(door.pool, { tenantId: await makeTenant(door.pool), tag: "db", slots: 0 });
  expect(await ask(`{ taskLimits { nodes { tag } } }`)).toEqual({ taskLimits: { nodes: [] } });
  await door.create();
  const run = await agent.claimOne();
  const asked = { attempt: 1, tasks: [{ number: 1, tags: ["db"] }] };
  expect(await door.post(`/v1/runs/${run.runId}/slots`, run.runToken, asked)).toMatchObject({ body: { granted: [1] } });
});
