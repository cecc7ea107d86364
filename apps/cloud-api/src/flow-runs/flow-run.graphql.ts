import { isId } from "@weir/protocol";
import { Artifact, artifactsOf } from "../artifacts/artifact.graphql.ts";
import { builder } from "../graphql/builder.ts";
import { BY_ID, connectionOf, newestFirst, page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { State } from "../graphql/state.graphql.ts";
import { Log, logsOf } from "../logs/log.graphql.ts";
import { TaskRun, taskRunsOf } from "../task-runs/task-run.graphql.ts";
import { flowRunsWhere } from "./find-flow-runs.ts";
import { FlowRunState, newestStateOf, statesOf } from "./flow-run-state.graphql.ts";
import { Holding } from "./holding.graphql.ts";
import { holdingsOf } from "./holdings.ts";

/** One execution of a flow version. */
export const FlowRun = builder.prismaObject("FlowRun", {
  description: "One execution of a flow version.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name"),
    state: t.expose("state", { type: State }),
    stateVersion: t.exposeInt("stateVersion", { description: "Counts the transitions." }),
    message: t.string({
      nullable: true,
      description: "Of its newest state.",
      select: { stateVersion: true },
      resolve: async (run, _args, context) => (await newestStateOf(run, context))?.message ?? null,
    }),
    failure: t.field({
      type: "JSON",
      nullable: true,
      description: "Of its newest state.",
      select: { stateVersion: true },
      resolve: async (run, _args, context) => (await newestStateOf(run, context))?.failure ?? null,
    }),
    flow: t.relation("flow"),
    flowVersion: t.relation("flowVersion"),
    agent: t.relation("agent", { nullable: true, description: "Whoever holds it, or held it last." }),
    parameters: t.expose("parameters", { type: "JSON" }),
    labels: t.exposeStringList("labels", { description: "Only an agent that has them all may claim it." }),
    idempotencyKey: t.exposeString("idempotencyKey", { nullable: true }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    scheduledStartTime: t.expose("scheduledStartTime", { type: "DateTime" }),
    startedAt: t.expose("startedAt", { type: "DateTime", nullable: true }),
    endedAt: t.expose("endedAt", { type: "DateTime", nullable: true }),
    attempt: t.exposeInt("attempt", { description: "How often it was claimed." }),
    recoveries: t.exposeInt("recoveries", {
      description: "How often a lease expired since it was created or restarted.",
    }),
    states: t.field({
      type: [FlowRunState],
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
    logs: t.connection(
      {
        type: Log,
        description: "In the order in which they were written; `last` gives the tail.",
        resolve: ({ id }, args, context) => logsOf(id, args, context),
      },
      ...connectionOf("Log"),
    ),
    artifacts: t.field({
      type: [Artifact],
      description: "The newest of each name, the first 100 names.",
      resolve: ({ id }, _args, context) => artifactsOf(id, context),
    }),
    holdings: t.field({
      type: [Holding],
      description: "Everything that the cloud knows about this run: all rows of all tables that speak of it.",
      // Up to 5,000 rows a table: for one run at a time, so a page of runs with it is refused for its cost.
      complexity: 2_000,
      resolve: ({ id }, _args, { database, tenantId }) => holdingsOf(database.pool, tenantId, id),
    }),
  }),
});

builder.queryField("flowRun", (t) =>
  t.prismaField({
    type: FlowRun,
    nullable: true,
    description: "A flow run by id; null when there is none.",
    args: { id: t.arg.id({ required: true }) },
    resolve: (query, _root, { id }, { database, tenantId }) =>
      isId(id) ? database.prisma.flowRun.findUnique({ ...query, where: { tenantId_id: { tenantId, id } } }) : null,
  }),
);

const FlowRunFilterInput = builder.inputType("FlowRunFilter", {
  fields: (t) => ({
    state: t.field({ type: [State], description: "Any of these." }),
    flow: t.string({ description: "Name of a flow." }),
    project: t.string({ description: "Name of a project." }),
  }),
});

builder.queryField("flowRuns", (t) =>
  t.connection(
    {
      type: FlowRun,
      description: "Newest first.",
      args: { filter: t.arg({ type: FlowRunFilterInput }) },
      resolve: async (_root, { filter, ...args }, context, info) => {
        const { prisma } = context.database;
        const wanted = await flowRunsWhere(prisma, context.tenantId, filter ?? {});
        return await page(args, BY_ID, (asked) => {
          const { where, ...order } = newestFirst(context.tenantId, asked);
          return prisma.flowRun.findMany({ ...queryOfNode(context, info), ...order, where: { ...where, ...wanted } });
        });
      },
    },
    ...connectionOf("FlowRun"),
  ),
);
