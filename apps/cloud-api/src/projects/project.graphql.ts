import { builder } from "../graphql/builder.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { BY_ID, connectionOf, newestFirst, page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { createProject } from "./create-project.ts";

/** A folder of flows. */
export const Project = builder.prismaObject("Project", {
  authScopes: { may: "project:read" },
  description: "A folder of flows.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name"),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
  }),
});

builder.queryField("projects", (t) =>
  t.connection(
    {
      authScopes: { may: "project:read" },
      type: Project,
      description: "Newest first.",
      resolve: (_root, args, context, info) =>
        page(args, BY_ID, (asked) =>
          context.database.prisma.project.findMany({
            ...queryOfNode(context, info),
            ...newestFirst(context.tenantId, asked),
          }),
        ),
    },
    ...connectionOf("Project"),
  ),
);

const CreateProjectInput = builder.inputType("CreateProjectInput", {
  fields: (t) => ({ name: t.string({ required: true }) }),
});

const CreateProjectPayload = builder.objectRef<{ id: string }>("CreateProjectPayload").implement({
  fields: (t) => ({
    project: t.prismaField({
      type: Project,
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.project.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("createProject", (t) =>
  t.field({
    authScopes: { may: "project:write" },
    type: CreateProjectPayload,
    errors: orRefusal("CreateProject"),
    args: { input: t.arg({ type: CreateProjectInput, required: true }) },
    resolve: (_root, { input }, { database, tenantId }) =>
      createProject(database.pool, { tenantId, name: checkedName("name", input.name) }),
  }),
);
