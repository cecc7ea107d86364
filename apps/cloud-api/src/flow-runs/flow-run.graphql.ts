import { isId } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { COST_OF_LARGE, COST_OF_LONG } from "../graphql/field-cost.ts";
import { BY_ID, connectionOf, newestFirst, page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { State } from "../graphql/state.graphql.ts";
import { flowRunsWhere, LATE_SECONDS } from "./find-flow-runs.ts";
import { newestStateOf } from "./flow-run-state.graphql.ts";

/** One execution of a flow version. */
export const FlowRun = builder.prismaObject("FlowRun", {
  authScopes: { may: "run:read" },
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
      complexity: COST_OF_LONG,
      description: "Of its newest state.",
      select: { stateVersion: true },
      resolve: async (run, _args, context) => (await newestStateOf(run, context))?.failure ?? null,
    }),
    pauseAsked: t.boolean({
      description: "Whether a person wants it to pause, or has paused it; `resumeFlowRun` takes that back.",
      select: { pauseOrder: true },
      resolve: ({ pauseOrder }) => pauseOrder === "pause",
    }),
    parent: t.relation("parent", { nullable: true, description: "The run that started it." }),
    flow: t.relation("flow"),
    flowVersion: t.relation("flowVersion"),
    agent: t.relation("agent", { nullable: true, description: "Whoever holds it, or held it last." }),
    parameters: t.expose("parameters", {
      authScopes: { may: "parameter:read" },
      type: "JSON",
      nullable: true,
      complexity: COST_OF_LARGE,
    }),
    parametersSignature: t.exposeString("parametersSignature", {
      authScopes: { may: "parameter:read" },
      nullable: true,
      description: "Compact JWS over the parameters, by whoever started the run.",
    }),
    boundary: t.expose("boundary", {
      type: "JSON",
      nullable: true,
      description:
        "What whoever started it asked of the gate, beyond policy file and flow: an action for each class of data.",
    }),
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
  }),
});

builder.queryField("flowRun", (t) =>
  t.prismaField({
    authScopes: { may: "run:read" },
    type: FlowRun,
    nullable: true,
    description: "A flow run by id; null when there is none.",
    args: { id: t.arg.id({ required: true }) },
    resolve: (query, _root, { id }, { database, tenantId }) =>
      isId(id) ? database.prisma.flowRun.findUnique({ ...query, where: { tenantId_id: { tenantId, id } } }) : null,
  }),
);

const [connectionName, edgeName] = connectionOf("FlowRun");
/** For every field that answers pages of flow runs. */
export const FlowRunConnection = builder.connectionObject({ type: FlowRun, ...connectionName }, edgeName);

/** What a list of flow runs is narrowed by. */
export const FlowRunFilterInput = builder.inputType("FlowRunFilter", {
  fields: (t) => ({
    state: t.field({ type: [State], description: "Any of these." }),
    flow: t.string({ description: "Name of a flow." }),
    project: t.string({ description: "Name of a project." }),
    labels: t.stringList({ description: "All of these." }),
    nameContains: t.string({ description: "Part of its name, in whatever case." }),
    createdAfter: t.field({ type: "DateTime", description: "Then, or later." }),
    createdBefore: t.field({ type: "DateTime" }),
    startedAfter: t.field({ type: "DateTime", description: "Then, or later." }),
    startedBefore: t.field({ type: "DateTime" }),
    endedAfter: t.field({ type: "DateTime", description: "Then, or later." }),
    endedBefore: t.field({ type: "DateTime" }),
    hasParameters: t.boolean({ description: "Whether it was started with any, sealed ones among them." }),
    isLate: t.boolean({
      description: `Whether it is Scheduled or Retrying, and its time is more than ${LATE_SECONDS} seconds past.`,
    }),
    agent: t.string({ description: "Name of the agent that holds it, or held it last." }),
    parent: t.id({ description: "Id of the run that started it." }),
    schedule: t.string({ description: "Name of the schedule that made it." }),
  }),
});

builder.queryField("flowRuns", (t) =>
  t.connection(
    {
      authScopes: { may: "run:read" },
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
    FlowRunConnection,
  ),
);
