import { Artifact, artifactsOf } from "../artifacts/artifact.graphql.ts";
import { builder } from "../graphql/builder.ts";
import { ROWS_OF_A_LIST } from "../graphql/field-cost.ts";
import { BY_ID, connectionOf, page } from "../graphql/page.ts";
import { SealKey, sealKeysOfRun } from "../seal-keys/seal-key.graphql.ts";
import { TaskRun, taskRunsOf } from "../task-runs/task-run.graphql.ts";
import { childrenOf } from "./child-runs.ts";
import { FlowRun, FlowRunConnection } from "./flow-run.graphql.ts";
import { FlowRunState, statesOf } from "./flow-run-state.graphql.ts";
import { readForgotten } from "./forgotten-runs.ts";
import { Holding } from "./holding.graphql.ts";
import { holdingsOf } from "./holdings.ts";

// What hangs below a flow run, each one statement for all runs of a list. Not Prisma's relations: they know no page per run in one statement,
// and neither the names nor the details that a task run's row refers to.
builder.prismaObjectFields(FlowRun, (t) => ({
  states: t.field({
    type: [FlowRunState],
    complexity: { field: 1, multiplier: ROWS_OF_A_LIST },
    description: "Its history, oldest first.",
    resolve: ({ id }, _args, context) => statesOf(id, context),
  }),
  taskRuns: t.connection(
    {
      type: TaskRun,
      description: "By number.",
      resolve: ({ id }, args, context) => taskRunsOf(id, args, context),
    },
    ...connectionOf("TaskRun"),
  ),
  isForgotten: t.boolean({
    description:
      "It is older than this cloud keeps task runs, logs and artifacts: all of its own were dropped. What it is itself and its states stay. It cannot be restarted.",
    resolve: async ({ id }, _args, { batches, database }) =>
      (await batches.ask("forgotten runs", id, (runs) => readForgotten(database.pool, runs))) ?? false,
  }),
  children: t.connection(
    {
      type: FlowRun,
      description: "Runs that it started, newest first.",
      resolve: ({ id }, args, context, info) => page(args, BY_ID, (asked) => childrenOf(id, asked, context, info)),
    },
    FlowRunConnection,
  ),
  artifacts: t.field({
    authScopes: { may: "artifact:read" },
    type: [Artifact],
    nullable: true,
    complexity: { field: 1, multiplier: ROWS_OF_A_LIST },
    description: "The newest of each name, the first 100 names.",
    resolve: ({ id }, _args, context) => artifactsOf(id, context),
  }),
  sealKeys: t.field({
    type: [SealKey],
    description:
      "Keys of what is sealed in this run, newest attempt first: whoever the user's policy names opens them.",
    resolve: ({ id }, _args, context) => sealKeysOfRun(id, context),
  }),
  holdings: t.field({
    authScopes: { may: ["log:read", "parameter:read", "artifact:read"] },
    type: [Holding],
    nullable: true,
    description: "Everything that the cloud knows about this run: all rows of all tables that speak of it.",
    // Up to 5,000 rows a table: for one run at a time, so a page of runs with it is refused for its cost.
    complexity: 2_000,
    resolve: ({ id }, _args, { database, tenantId }) => holdingsOf(database.pool, tenantId, id),
  }),
}));
