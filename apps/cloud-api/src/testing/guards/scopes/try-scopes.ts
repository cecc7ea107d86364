import { join } from "node:path";
import { startVitest } from "vitest/node";
import { findScopes } from "./scope-tag.ts";
import { tagScopes } from "./tag-scopes.ts";

const root = process.cwd();
const probe = join(root, "apps/cloud-api/src/testing/guards/scopes/scope-probe.ts");
const vitest = await startVitest(
  "test",
  process.argv.slice(2),
  // What was compiled with tags is nobody else's, and what was compiled without is of no use.
  { root, watch: false, setupFiles: [probe], fsModuleCache: false },
  {
    plugins: [tagScopes(root, findScopes(root))],
  },
);
await vitest.close();
