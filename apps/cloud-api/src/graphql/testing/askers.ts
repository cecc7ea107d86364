import { buildApp } from "../../app.ts";
import type { GraphqlFixture } from "./graphql-fixture.ts";

/** Sends operations to a cloud and answers the bytes that came back. */
export interface Asker {
  ask(key: string, query: string, variables?: object): Promise<string>;
  close(): Promise<unknown>;
}

/**
 * Two clouds over one database: the fixture's own, whose role is bound by row-level security, and one that works as the administrator,
 * who is not: there the tenant that each statement names is all that keeps rows apart.
 */
export async function askers(cloud: GraphqlFixture): Promise<Record<"both guards" | "code alone", Asker>> {
  const { pool } = cloud.database;
  const unguarded = await buildApp({ ...cloud.deps, database: cloud.database, lanes: { claims: pool, reports: pool } });
  return { "both guards": askerOf(cloud.app), "code alone": askerOf(unguarded) };
}

function askerOf(app: GraphqlFixture["app"]): Asker {
  return {
    async ask(key, query, variables) {
      // Both kinds of answer: subscriptions stream theirs.
      const accept = query.startsWith("subscription") ? "text/event-stream" : "application/json";
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", accept };
      const payload = JSON.stringify({ query, variables });
      return (await app.inject({ method: "POST", url: "/graphql", headers, payload })).body;
    },
    close: () => app.close(),
  };
}
