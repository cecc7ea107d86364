import { Refusal } from "@weir/protocol";
import { expect, test } from "vitest";
import { DatabaseProblem } from "../database/index.ts";
import { isDatabaseAway, toRefusal } from "./to-refusal.ts";

const withCode = (code: string, message = "failed") => Object.assign(new Error(message), { code });

test("a database that cannot be reached is told as such, however it is said", () => {
  const errors = [
    withCode("ECONNREFUSED"),
    withCode("57P01", "terminating connection due to administrator command"),
    withCode("53300"),
    withCode("08006"),
    withCode("P1001"),
    new Error("Connection terminated unexpectedly"),
    new Error("timeout exceeded when trying to connect"),
    new Error("wrapped", { cause: withCode("ECONNRESET") }),
    new AggregateError([withCode("ECONNREFUSED")]),
    new DatabaseProblem("DATABASE_AWAY", "away"),
  ];
  expect(errors.map(isDatabaseAway)).toEqual(errors.map(() => true));
  expect(toRefusal(withCode("ECONNREFUSED"))).toMatchObject({ code: "DATABASE_UNAVAILABLE", retryAfterSeconds: 2 });
});

test("other errors are not taken for it, and are told to nobody", () => {
  const errors = [
    withCode("23505"),
    withCode("42P01"),
    new Error("boom"),
    new DatabaseProblem("MIGRATION_FAILED", "no"),
    "text",
    null,
  ];
  expect(errors.map(isDatabaseAway)).toEqual(errors.map(() => false));
  expect(toRefusal(new Error("boom"))).toBeNull();
});

test("a refusal stays what it is", () => {
  const refusal = new Refusal("CONFLICT", "no");
  expect(toRefusal(refusal)).toBe(refusal);
});
