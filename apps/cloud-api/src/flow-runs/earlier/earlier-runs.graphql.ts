import { builder } from "../../graphql/builder.ts";
import type { GraphqlContext } from "../../graphql/context.ts";
import { FlowRun } from "../flow-run.graphql.ts";
import { flowRunOfId } from "../flow-run-of-id.ts";
import { EARLIER_RUNS, FEWEST_RUNS } from "./earlier-runs.sql.ts";

interface EarlierRuns {
  readonly id: string;
  /** Of which it is known how long they took. */
  readonly runs: number;
  /** Median. */
  readonly seconds: number | null;
  readonly newest: string | null;
}

async function earlierRunsOf(runId: string, { batches, database, tenantId }: GraphqlContext) {
  return await batches.ask("earlier runs", runId, async (runs) => {
    const { rows } = await database.pool.query<EarlierRuns>(EARLIER_RUNS, [tenantId, runs]);
    return new Map(rows.map((row) => [row.id, row]));
  });
}

/** Each looks at up to 50 runs of the index. */
const COST = 10;

builder.prismaObjectFields(FlowRun, (t) => ({
  usualSeconds: t.float({
    nullable: true,
    complexity: COST,
    description:
      "Median time that the last up to 50 successful runs of its flow took, of those that ended before it began; null: there are fewer than three.",
    resolve: async ({ id }, _args, context) => {
      const earlier = await earlierRunsOf(id, context);
      return earlier === undefined || earlier.runs < FEWEST_RUNS ? null : earlier.seconds;
    },
  }),
  lastSuccess: t.field({
    type: FlowRun,
    nullable: true,
    complexity: COST,
    description: "The successful run of its flow that ended last before it began; null: there is none.",
    resolve: async ({ id }, _args, context, info) => {
      const newest = (await earlierRunsOf(id, context))?.newest ?? null;
      return newest === null ? null : await flowRunOfId(newest, context, info);
    },
  }),
}));
