import { expect, test } from "vitest";
import { DatabaseProblem, databaseAddress, tellDatabaseError, withDatabase } from "./database-problem.ts";

const URL_OF = "postgres://weir:hunter2@db.example:6543/prod?sslmode=require";

const told = (code: string) => {
  const problem = tellDatabaseError(Object.assign(new Error("raw hunter2"), { code }), URL_OF);
  return problem instanceof DatabaseProblem ? `${problem.code}: ${problem.message}` : problem;
};

test("an address names host, port and database, never user or password", () => {
  expect(databaseAddress(URL_OF)).toBe("db.example:6543/prod");
  expect(databaseAddress("postgresql:///x")).toBe("localhost:5432/x");
  expect(databaseAddress("postgres:///x?host=/run/pg")).toBe("/run/pg:5432/x");
});

test("another database of the same server keeps everything else", () => {
  expect(withDatabase(URL_OF, "a b")).toBe("postgres://weir:hunter2@db.example:6543/a%20b?sslmode=require");
});

test("what the driver says becomes a sentence with the address and without the password", () => {
  expect(told("ECONNREFUSED")).toBe(
    "DATABASE_AWAY: Postgres at db.example:6543/prod cannot be reached: nothing listens there. Start it, or correct WEIR_DATABASE_URL.",
  );
  expect(told("57P03")).toContain(
    "DATABASE_AWAY: Postgres at db.example:6543/prod cannot be reached: it is still starting up",
  );
  expect(told("28P01")).toContain(
    "DATABASE_REFUSED: Postgres at db.example:6543/prod cannot be used: it refused the password",
  );
  expect(told("3D000")).toContain("it has no such database");
});

test("several addresses that all refused are told as one, and a time-out too", () => {
  const both = new AggregateError([Object.assign(new Error("a"), { code: "ECONNREFUSED" }), new Error("b")]);
  expect(tellDatabaseError(both, URL_OF)).toMatchObject({ code: "DATABASE_AWAY" });
  expect(tellDatabaseError(new Error("timeout expired"), URL_OF)).toMatchObject({ code: "DATABASE_AWAY" });
});

test("other errors stay what they are", () => {
  const bug = new TypeError("x is not a function");
  expect(tellDatabaseError(bug, URL_OF)).toBe(bug);
});

test("what is no Postgres URL is told without repeating it", () => {
  for (const wrong of ["mysql://u:hunter2@h/x", "db.example:5432/x hunter2", ""]) {
    expect(() => databaseAddress(wrong)).toThrow(/takes postgres:\/\//);
    expect(() => databaseAddress(wrong)).not.toThrow("hunter2");
  }
});
