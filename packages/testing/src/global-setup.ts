import type { TestProject } from "vitest/node";
import { type TestPostgres, startTestPostgres } from "./test-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    weirPostgres: TestPostgres;
  }
}

/** One Postgres per test run; `createTestDatabase` clones from its template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres();
  project.provide("weirPostgres", { adminUrl: postgres.adminUrl, template: postgres.template });
  return () => postgres.stop();
}
