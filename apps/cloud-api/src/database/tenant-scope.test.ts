import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SOURCES = join(import.meta.dirname, "..");

test("work that sees every tenant's rows is listed here, each with its reason", () => {
  const found = globSync("**/*.ts", { cwd: SOURCES })
    .filter((file) => !/\.test\.ts$|\/testing\/|^generated\/|tenant-scope\.ts$/.test(file))
    .flatMap((file) =>
      [...readFileSync(join(SOURCES, file), "utf8").matchAll(/acrossTenants\(\s*"([^"]+)"/g)].map(
        ([, why]) => `${file}: ${why}`,
      ),
    );
  expect(found.toSorted()).toEqual([
    "agents/seen-agents.ts: agents of all tenants were seen",
    "api-keys/known-keys.ts: keys in use, whosever they are",
    "database/drop-partitions.ts: whether a run of any tenant keeps a day",
    "loops/loop.ts: a loop looks after all tenants",
    "people/people-routes.ts: accounts of people are of no tenant",
    "people/people-routes.ts: the tenants of one person",
    "people/sso-routes.ts: whom a provider vouches for",
    "people/sso-routes.ts: whose single sign-on it is",
    "run-door/auth.ts: whose credential it is",
    "start-cloud.ts: the tenant of an embedded cloud",
    "tenants/main.ts: an operator's work",
  ]);
});
