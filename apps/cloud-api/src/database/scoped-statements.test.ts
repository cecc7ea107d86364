import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { findScopes, isOfStatement } from "../testing/guards/scopes/scope-tag.ts";
import { type SentScopes, trySentScopes } from "../testing/guards/scopes/sent-scopes.ts";
import { secondLock } from "../testing/guards/second-locks.ts";
import { HELD_BY_A_KEY } from "../testing/guards/scopes/held-by-a-key.ts";

// The tenant in the statements, below row-level security: other tests are run, and whatever the cloud is about to send for a tenant is tried out first,
// in copies of the tables and without policies. Statements that are added later are tried without a line of their own.

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");

let tried: SentScopes;
beforeAll(async () => {
  tried = await trySentScopes(ROOT);
}, 900_000);

test("rows that carry another tenant's id are as good as gone for each statement, and twins of one's own make no difference", () => {
  const seen = tried.open.filter(
    ({ statement, what }) => !HELD_BY_A_KEY.some((held) => held.what.includes(what) && held.statement.test(statement)),
  );
  expect(seen).toEqual([]);
});

test("without each of its scopes a statement sees more: none can be lost unnoticed", () => {
  const unnoticed = findScopes(ROOT).filter(
    (scope) => isOfStatement(scope) && !tried.needed.has(scope.name) && secondLock(scope.name) === null,
  );
  expect(unnoticed.map(({ name }) => name)).toEqual([]);
});
