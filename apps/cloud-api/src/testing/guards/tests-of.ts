import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Guard, GuardKind, GuardTests } from "./guard.ts";

const API = "apps/cloud-api/src";

/** Tests of which at least one must fail without a guard of a kind. */
export const TESTS: Readonly<Record<GuardKind, GuardTests>> = {
  policy: {
    files: [`${API}/database/row-level-security.test.ts`, `${API}/people/accounts-isolation.test.ts`],
  },
  permission: { files: [`${API}/rights/`] },
  route: { files: [`${API}/run-door/routes.test.ts`, `${API}/graphql/server.test.ts`] },
  // With the policies in place, rows are kept apart all the same.
  scope: {
    files: ["foreign-ids", "foreign-names", "foreign-rows"].map((name) => `${API}/graphql/${name}.test.ts`),
    titles: "code alone|carry another tenant",
  },
};

/** The tests of a guard, in the order in which they are run until one fails: first the few that most likely do, then all. */
export function testsOf(guard: Guard, root: string): GuardTests[] {
  const all = TESTS[guard.kind];
  if (guard.kind === "permission")
    return [{ files: ["every-field", "roles-page"].map((name) => `${API}/rights/${name}.test.ts`) }, all];
  if (guard.kind === "route") return [{ ...all, titles: "every route says who may call it" }, all];
  const titles = guard.kind === "scope" ? nearTitles(guard.file, root) : null;
  return titles === null ? [all] : [{ ...all, titles }, all];
}

/** Titles of the tests of the tables that a source names, and of the root fields that its folder and those above it serve; null: it has none. */
function nearTitles(file: string, root: string): string | null {
  const text = readFileSync(join(root, file), "utf8");
  const schema = readFileSync(join(root, "prisma/schema.prisma"), "utf8");
  const tables = [...schema.matchAll(/@@map\("(\w+)"\)/g)].map(([, table = ""]) => table);
  const named = tables.filter((table) => new RegExp(`\\b${table}\\b`).test(text));
  const rows = named.length === 0 ? [] : [`rows of (${named.join("|")}) that carry`];
  const fields = globSync("*.graphql.ts", { cwd: join(root, dirname(file)) }).flatMap((name) =>
    [...readFileSync(join(root, dirname(file), name), "utf8").matchAll(/Field\("(\w+)"/g)].map(
      ([, field = ""]) => field,
    ),
  );
  const asked = fields.length === 0 ? [] : [`(${fields.join("|")})\\b.*code alone`];
  return rows.length + asked.length === 0 ? null : [...rows, ...asked].join("|");
}
