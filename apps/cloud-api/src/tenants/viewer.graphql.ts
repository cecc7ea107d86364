import type { Principal } from "../api-keys/api-keys.ts";
import { KeyScope } from "../api-keys/key-scope.graphql.ts";
import { builder } from "../graphql/builder.ts";

const Tenant = builder.prismaObject("Tenant", {
  description: "The customer of the cloud; owns everything else.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name"),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
  }),
});

const Viewer = builder.objectRef<Principal>("Viewer").implement({
  description: "Whoever the credential says is asking.",
  fields: (t) => ({
    scope: t.expose("scope", { type: KeyScope }),
    keyId: t.exposeID("keyId", { nullable: true, description: "Null: who asks came with a session." }),
    permissions: t.stringList({
      description: "What it may do, such as run:start: a page shows no button for what is not here.",
      resolve: ({ permissions }) => [...permissions],
    }),
    tenant: t.prismaField({
      type: Tenant,
      resolve: (query, { tenantId }, _args, { database }) =>
        database.prisma.tenant.findUniqueOrThrow({ ...query, where: { id: tenantId } }),
    }),
  }),
});

builder.queryField("viewer", (t) =>
  t.field({ authScopes: { user: true }, type: Viewer, resolve: (_root, _args, { principal }) => principal }),
);
