import { Refusal } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import { State } from "../graphql/state.graphql.ts";
import { Flow } from "./flow.graphql.ts";
import { type EndedRun, type FlowStatistics, flowStatistics } from "./flow-statistics.ts";
import { LAST_ENDED_RUNS } from "./flow-statistics.sql.ts";

const MOST_RUNS = 200;
const DEFAULT_RUNS = 50;

const EndedRunType = builder.objectRef<EndedRun>("EndedRun").implement({
  description: "A flow run that is over.",
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name"),
    state: t.expose("state", { type: State }),
    endedAt: t.expose("endedAt", { type: "DateTime" }),
    seconds: t.exposeFloat("seconds", {
      nullable: true,
      description: "From its begin to its end; null: it never began.",
    }),
  }),
});

const Statistics = builder.objectRef<FlowStatistics>("FlowStatistics").implement({
  description: "What the runs of a flow that ended last say about it.",
  fields: (t) => ({
    runs: t.int({ description: "How many there are, of those asked for.", resolve: ({ runs }) => runs.length }),
    successes: t.exposeInt("successes"),
    failures: t.exposeInt("failures", { description: "Those that were cancelled are neither." }),
    medianSeconds: t.exposeFloat("medianSeconds", { nullable: true, description: "That the successful ones took." }),
    p95Seconds: t.exposeFloat("p95Seconds", { nullable: true, description: "Of 20 successful ones, 19 took less." }),
    points: t.field({
      type: [EndedRunType],
      complexity: { field: 1, multiplier: DEFAULT_RUNS },
      description: "The runs, newest first.",
      resolve: ({ runs }) => [...runs],
    }),
  }),
});

async function lastEnded(flowId: string, most: number, { batches, database, tenantId }: GraphqlContext) {
  const found = await batches.ask(`last ended runs ${most}`, flowId, async (flows) => {
    const { rows } = await database.pool.query<EndedRun & { flowId: string }>(LAST_ENDED_RUNS, [tenantId, flows, most]);
    return Map.groupBy(rows, (row) => row.flowId);
  });
  return found ?? [];
}

builder.prismaObjectField(Flow, "statistics", (t) =>
  t.field({
    authScopes: { may: "run:read" },
    type: Statistics,
    nullable: true,
    description: "Of the runs that ended last.",
    args: {
      last: t.arg.int({ defaultValue: DEFAULT_RUNS, required: true, description: `How many, 1 to ${MOST_RUNS}.` }),
    },
    complexity: ({ last }) => ({ field: 10 + last, multiplier: Math.max(1, last / DEFAULT_RUNS) }),
    resolve: async ({ id }, { last }, context) => {
      if (last < 1 || last > MOST_RUNS)
        throw new Refusal("INVALID", `last must be a number from 1 to ${MOST_RUNS}; it is ${last}.`);
      return flowStatistics(await lastEnded(id, last, context));
    },
  }),
);
