import { builder } from "../graphql/builder.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { BY_ID, connectionOf, newestFirst, page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { createServiceAccount, deleteServiceAccount } from "./service-accounts.ts";

const ServiceAccount = builder.prismaObject("ServiceAccount", {
  authScopes: { may: "key:read" },
  description: "A program that owns keys, so that they outlive the people who made them.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name"),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
  }),
});

builder.prismaObjectField("ApiKey", "serviceAccount", (t) =>
  t.relation("serviceAccount", { nullable: true, description: "Whose it is, if it is a program's." }),
);

builder.queryField("serviceAccounts", (t) =>
  t.connection(
    {
      authScopes: { may: "key:read" },
      type: ServiceAccount,
      description: "Newest first.",
      resolve: (_root, args, context, info) =>
        page(args, BY_ID, (asked) =>
          context.database.prisma.serviceAccount.findMany({
            ...queryOfNode(context, info),
            ...newestFirst(context.tenantId, asked),
          }),
        ),
    },
    ...connectionOf("ServiceAccount"),
  ),
);

const CreateServiceAccountInput = builder.inputType("CreateServiceAccountInput", {
  fields: (t) => ({ name: t.string({ required: true }) }),
});

const CreateServiceAccountPayload = builder.objectRef<{ id: string }>("CreateServiceAccountPayload").implement({
  fields: (t) => ({
    serviceAccount: t.prismaField({
      type: ServiceAccount,
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.serviceAccount.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("createServiceAccount", (t) =>
  t.field({
    authScopes: { may: "key:write" },
    type: CreateServiceAccountPayload,
    errors: orRefusal("CreateServiceAccount"),
    args: { input: t.arg({ type: CreateServiceAccountInput, required: true }) },
    resolve: (_root, { input }, { database, tenantId }) =>
      createServiceAccount(database.pool, { tenantId, name: checkedName("name", input.name) }),
  }),
);

const DeleteServiceAccountPayload = builder
  .objectRef<{ name: string; revokedKeys: number }>("DeleteServiceAccountPayload")
  .implement({
    fields: (t) => ({ name: t.exposeString("name"), revokedKeys: t.exposeInt("revokedKeys") }),
  });

builder.mutationField("deleteServiceAccount", (t) =>
  t.field({
    authScopes: { may: "key:write" },
    type: DeleteServiceAccountPayload,
    errors: orRefusal("DeleteServiceAccount"),
    description: "Its keys are revoked with it.",
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { database, tenantId }) => deleteServiceAccount(database.pool, { tenantId, id }),
  }),
);
