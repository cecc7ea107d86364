import { likeText } from "../database/like-text.ts";
import { builder } from "../graphql/builder.ts";
import { BY_ID, connectionOf, newestFirst, page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { FlowVersion } from "./flow-version.graphql.ts";
import { registerFlow, type Registered } from "./register-flow.ts";

const isGiven = (text: string | null | undefined): text is string => text !== undefined && text !== null;

/** A named workflow. */
export const Flow = builder.prismaObject("Flow", {
  authScopes: { may: "flow:read" },
  description: "A named workflow.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name"),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    project: t.relation("project"),
    currentVersion: t.field({
      type: FlowVersion,
      nullable: true,
      description: "The newest, which is the one that runs.",
      select: (_args, _context, nested) => ({
        versions: nested({ where: { archivedAt: null }, orderBy: { number: "desc" }, take: 1 }),
      }),
      resolve: ({ versions }) => versions[0] ?? null,
    }),
  }),
});

builder.queryField("flows", (t) =>
  t.connection(
    {
      authScopes: { may: "flow:read" },
      type: Flow,
      description: "Newest first.",
      args: {
        project: t.arg.string({ description: "Name of a project; absent: all." }),
        nameContains: t.arg.string({ description: "Part of its name, in whatever case." }),
      },
      resolve: (_root, { project, nameContains, ...args }, context, info) =>
        page(args, BY_ID, (asked) => {
          const { where, ...order } = newestFirst(context.tenantId, asked);
          return context.database.prisma.flow.findMany({
            ...queryOfNode(context, info),
            ...order,
            where: {
              ...where,
              ...(isGiven(project) ? { project: { name: project } } : {}),
              ...(isGiven(nameContains) ? { name: { contains: likeText(nameContains), mode: "insensitive" } } : {}),
            },
          });
        }),
    },
    ...connectionOf("Flow"),
  ),
);

builder.queryField("flow", (t) =>
  t.prismaField({
    authScopes: { may: "flow:read" },
    type: Flow,
    nullable: true,
    description: "A flow by name; null when there is none.",
    args: { project: t.arg.string({ required: true }), name: t.arg.string({ required: true }) },
    resolve: (query, _root, { project, name }, { database, tenantId }) =>
      database.prisma.flow.findFirst({ ...query, where: { tenantId, name, project: { tenantId, name: project } } }),
  }),
);

const RegisterFlowInput = builder.inputType("RegisterFlowInput", {
  fields: (t) => ({
    project: t.string({ required: true, description: "Name of the project." }),
    registration: t.field({ type: "JSON", required: true, description: "FlowRegistration of the protocol." }),
  }),
});

const RegisterFlowPayload = builder.objectRef<Registered>("RegisterFlowPayload").implement({
  fields: (t) => ({
    created: t.exposeBoolean("created", { description: "False: this content is the newest version already." }),
    flowVersion: t.prismaField({
      type: FlowVersion,
      resolve: (query, { flowVersionId: id }, _args, { database, tenantId }) =>
        database.prisma.flowVersion.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("registerFlow", (t) =>
  t.field({
    authScopes: { may: "flow:register" },
    type: RegisterFlowPayload,
    errors: orRefusal("RegisterFlow"),
    description:
      "The same content is the same version; other content becomes the next version and archives the one before.",
    args: { input: t.arg({ type: RegisterFlowInput, required: true }) },
    resolve: (_root, { input }, { database, tenantId }) =>
      registerFlow(database.pool, { tenantId, project: input.project, registration: input.registration }),
  }),
);
