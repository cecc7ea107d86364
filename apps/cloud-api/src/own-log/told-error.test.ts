import { Refusal } from "@weir/protocol";
import { createTestDatabase, type TestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "./create-log.ts";
import { loggedError } from "./told-error.ts";

const CANARY = "canary-7f3a";

let made: TestDatabase;
beforeAll(async () => {
  made = await createTestDatabase("empty");
  await made.database.pool.query(`
    create table t (name text primary key, n int, j jsonb, constraint no_birds check (name not like 'canary%'));
    insert into t values ('${CANARY.toUpperCase()}', 1)`);
});
afterAll(() => made.drop());

async function thrownBy(sql: string, value: unknown): Promise<Error> {
  try {
    await made.database.pool.query(sql, [value]);
  } catch (error) {
    return error as Error;
  }
  throw new Error("the statement succeeded");
}

test.each([
  ["a row that a check refuses", "insert into t (name) values ($1)", CANARY, { constraint: "no_birds", table: "t" }],
  ["a duplicate key", "insert into t (name) values (upper($1))", CANARY, { constraint: "t_pkey" }],
  ["text that is no JSON", "select $1::text::jsonb", `{"${CANARY}": ${CANARY}}`, {}],
  ["text that is no number", "select $1::text::int", `it's "${CANARY}" and '${CANARY}'`, {}],
  ["text that is no array", "select $1::text::int[]", `{${CANARY}`, {}],
  ["a moment out of range", "select $1::text::timestamptz", `2026-99-99 ${CANARY}`, {}],
])("what Postgres says of %s is told without the value", async (_what, sql, value, about) => {
  const error = await thrownBy(sql, value);
  expect(JSON.stringify([error.message, Object.entries(error)]).toLowerCase()).toContain(CANARY);
  const told = loggedError(error);
  expect(JSON.stringify(told).toLowerCase()).not.toContain(CANARY);
  expect(told).toMatchObject({ code: expect.stringMatching(/^\w{5}$/), about: { severity: "ERROR", ...about } });
  expect(told.stack).toMatch(/^ {4}at /);
});

function parseError(): unknown {
  try {
    return JSON.parse(`{"a": ${CANARY}}`);
  } catch (error) {
    return error;
  }
}

test.each([
  ["JSON.parse", parseError()],
  ["a refusal", new Refusal("PARAMETERS_INVALID", `${CANARY} is no parameter.`)],
  ["a name in quotes", new Error(`There is no flow "${CANARY}" in 'p'.`)],
  ["a cause", new Error("outer", { cause: new Error(`inner: '${CANARY}'`) })],
  ["properties", Object.assign(new Error("x"), { detail: CANARY, parameters: [CANARY], meta: { target: CANARY } })],
  ["something that is no error", CANARY],
])("nothing of what users wrote is told by %s", (_what, error) => {
  expect(JSON.stringify(loggedError(error))).not.toContain(CANARY);
});

test("what helps to mend it is told: type, sentence, code, where, and what caused it", () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), {
    code: "ECONNREFUSED",
    syscall: "connect",
    port: 5432,
  });
  const told = loggedError(new TypeError("the pool is closed", { cause }));
  expect(told).toMatchObject({
    type: "TypeError",
    message: "the pool is closed",
    stack: expect.stringContaining("told-error.test.ts"),
    cause: { message: "connect ECONNREFUSED 127.0.0.1:5432", code: "ECONNREFUSED", about: { port: 5432 } },
  });
});

test("an error that causes itself comes to an end", () => {
  const error = new Error("round");
  error.cause = error;
  expect(JSON.stringify(loggedError(error)).match(/round/g)).toHaveLength(6);
});

test("the log tells errors so however they are logged, also by children of it", () => {
  const lines: string[] = [];
  const log = createLog("trace", { write: (line: string) => void lines.push(line) });
  const error = Object.assign(new Error(`bad: "${CANARY}"`), { detail: CANARY });
  log.error({ err: error }, "with a sentence");
  log.error({ err: error });
  log.error(error);
  log.child({ reqId: 1 }).warn(error, "as a child");
  log.info("a sentence alone");
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    "with a sentence",
    "something happened that has no sentence",
    "something happened that has no sentence",
    "as a child",
    "a sentence alone",
  ]);
  expect(lines.join()).not.toContain(CANARY);
  expect(lines.slice(0, 4).every((line) => line.includes('"type":"Error"'))).toBe(true);
});
