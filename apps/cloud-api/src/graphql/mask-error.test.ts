import { Refusal } from "@weir/protocol";
import { expect, test } from "vitest";
import { GraphQLError } from "./graphql-js.ts";
import { maskedError, toldError } from "./mask-error.ts";

const wrapped = (originalError: Error) => new GraphQLError(originalError.message, { originalError, path: ["agents"] });
const coded = (code: string) => Object.assign(new Error("secret detail"), { code });

test.each([
  [
    "a refusal",
    wrapped(new Refusal("CONFLICT", "It exists already.")),
    { code: "CONFLICT", message: "It exists already." },
  ],
  ["GraphQL's own complaint", new GraphQLError("Unknown argument"), { code: "INVALID", message: "Unknown argument" }],
  ["a database that is away", wrapped(coded("ECONNREFUSED")), { code: "DATABASE_UNAVAILABLE" }],
  ["the same inside Prisma", wrapped(new Error("prisma", { cause: coded("57P01") })), { code: "DATABASE_UNAVAILABLE" }],
  ["a text with NUL", wrapped(coded("22021")), { code: "INVALID" }],
])("%s is told", (_what, error, told) => {
  expect(toldError(error, "ref")).toMatchObject({ ...told, unexpected: false });
});

test("every other error is hidden behind a reference", () => {
  const told = toldError(wrapped(coded("42P01")), "ref-7");
  expect(told).toMatchObject({ code: "INTERNAL", unexpected: true });
  expect(told.message).toContain("ref-7");
  expect(told.message).not.toContain("secret");
});

test("what a client gets holds the path and the code, and nothing of the original", () => {
  const error = wrapped(coded("42P01"));
  const masked = maskedError(error, toldError(error, "ref"));
  expect(masked.path).toEqual(["agents"]);
  expect(masked.originalError).toBeUndefined();
  expect(JSON.stringify(masked)).not.toMatch(/secret|stack/);
});

test("trouble of the cloud is seen in the HTTP status, a refusal is an answer", () => {
  const away = maskedError(new Error("x"), toldError(coded("ECONNREFUSED"), "ref"));
  expect(away.extensions.http).toEqual({ status: 503, headers: { "retry-after": "2" } });
  const refusal = maskedError(new Error("x"), toldError(new Refusal("NOT_FOUND", "No."), "ref"));
  expect(refusal.extensions).toEqual({ code: "NOT_FOUND" });
});
