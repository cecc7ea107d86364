import type { StateName } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { COST_OF_LONG } from "../graphql/field-cost.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import { State } from "../graphql/state.graphql.ts";
import { FLOW_RUN_STATES, NEWEST_FLOW_RUN_STATES } from "./flow-run-history.sql.ts";

interface FlowRunStateRow {
  readonly flowRunId: string;
  readonly version: number;
  readonly attempt: number;
  readonly state: StateName;
  readonly at: Date;
  readonly message: string | null;
  readonly failure: unknown;
}

/** One row of a flow run's history. */
export const FlowRunState = builder.objectRef<FlowRunStateRow>("FlowRunState").implement({
  authScopes: { may: "run:read" },
  description: "One row of a flow run's history, which is append-only and has no gaps.",
  fields: (t) => ({
    version: t.exposeInt("version", { description: "1, 2, 3 …" }),
    attempt: t.exposeInt("attempt"),
    state: t.expose("state", { type: State }),
    at: t.expose("at", { type: "DateTime" }),
    message: t.exposeString("message", { nullable: true }),
    failure: t.expose("failure", { type: "JSON", nullable: true, complexity: COST_OF_LONG }),
  }),
});

/** A flow run's history, oldest first; one statement for all flow runs of a list. */
export async function statesOf(runId: string, { batches, database, tenantId }: GraphqlContext) {
  const states = await batches.ask("flow-run states", runId, async (runs) => {
    const { rows } = await database.pool.query<FlowRunStateRow>(FLOW_RUN_STATES, [tenantId, runs]);
    return Map.groupBy(rows, (row) => row.flowRunId);
  });
  return states ?? [];
}

/** The newest row of a flow run's history; one statement for all flow runs of a list. */
export async function newestStateOf(
  run: { id: string; stateVersion: number },
  { batches, database, tenantId }: GraphqlContext,
) {
  return await batches.ask("newest flow-run states", `${run.id} ${run.stateVersion}`, async (keys) => {
    const pairs = keys.map((key) => key.split(" "));
    const { rows } = await database.pool.query<FlowRunStateRow>(NEWEST_FLOW_RUN_STATES, [
      tenantId,
      pairs.map(([id]) => id),
      pairs.map(([, version]) => Number(version)),
    ]);
    return new Map(rows.map((row) => [`${row.flowRunId} ${row.version}`, row]));
  });
}
