import type { Pool } from "pg";
import type { PrismaClient } from "../generated/prisma/client.ts";
import type { CloudSecrets } from "../secrets.ts";

/** What GraphQL needs of the app. */
export interface GraphqlDeps {
  readonly database: { readonly pool: Pool; readonly prisma: PrismaClient };
  readonly secrets: CloudSecrets;
  readonly wake: { onRun(runId: string, fn: () => void): () => void };
  readonly log: { error(details: object, message: string): void };
}
