import { Refusal } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { requireHeld } from "../rights/require-held.ts";
import { checkedProvider, removeIdentityProvider, setIdentityProvider } from "./identity-provider.ts";
import { memberRoleOf } from "./member-role.ts";

const IdentityProvider = builder.prismaObject("IdentityProvider", {
  authScopes: { may: "member:read" },
  description: "Single sign-on of the tenant. The provider's secret for this cloud cannot be read.",
  select: { tenantId: true },
  fields: (t) => ({
    issuer: t.exposeString("issuer"),
    clientId: t.exposeString("clientId"),
    emailDomains: t.exposeStringList("emailDomains", { description: "Whose addresses may come in." }),
    role: t.string({
      description: "What whoever comes in for the first time becomes.",
      select: { role: true, ownRole: { select: { name: true } } },
      resolve: ({ role, ownRole }) => role ?? ownRole?.name ?? "",
    }),
    changedAt: t.expose("changedAt", { type: "DateTime" }),
  }),
});

builder.queryField("identityProvider", (t) =>
  t.prismaField({
    authScopes: { may: "member:read" },
    type: IdentityProvider,
    nullable: true,
    description: "Null: people sign in with passwords alone.",
    resolve: (query, _root, _args, { database, tenantId }) =>
      database.prisma.identityProvider.findUnique({ ...query, where: { tenantId } }),
  }),
);

const SetIdentityProviderInput = builder.inputType("SetIdentityProviderInput", {
  fields: (t) => ({
    issuer: t.string({ required: true, description: "The provider's address: https://login.example.org" }),
    clientId: t.string({ required: true }),
    clientSecret: t.string({ required: true }),
    emailDomains: t.stringList({ required: true, description: "Whose addresses may come in: example.org" }),
    role: t.string({ required: true, description: "What whoever comes in for the first time becomes." }),
  }),
});

const SetIdentityProviderPayload = builder.objectRef<object>("SetIdentityProviderPayload").implement({
  fields: (t) => ({
    identityProvider: t.prismaField({
      type: IdentityProvider,
      resolve: (query, _payload, _args, { database, tenantId }) =>
        database.prisma.identityProvider.findUniqueOrThrow({ ...query, where: { tenantId } }),
    }),
  }),
});

builder.mutationField("setIdentityProvider", (t) =>
  t.field({
    authScopes: { may: "tenant:write" },
    type: SetIdentityProviderPayload,
    errors: orRefusal("SetIdentityProvider"),
    description: "Lets people sign in by a provider that speaks OpenID Connect, in the place of the one before.",
    args: { input: t.arg({ type: SetIdentityProviderInput, required: true }) },
    resolve: async (_root, { input }, { database: { pool }, secrets, principal, config }) => {
      const { tenantId } = principal;
      const checked = checkedProvider(input, config.identityProviders);
      const { role, roleId, permissions } = await memberRoleOf(pool, tenantId, input.role);
      requireHeld(principal, permissions, "Whoever signs in by the provider");
      await setIdentityProvider(pool, secrets, { ...checked, tenantId, role, roleId });
      return {};
    },
  }),
);

const RemoveIdentityProviderPayload = builder
  .objectRef<{ removed: boolean }>("RemoveIdentityProviderPayload")
  .implement({
    fields: (t) => ({ removed: t.exposeBoolean("removed") }),
  });

builder.mutationField("removeIdentityProvider", (t) =>
  t.field({
    authScopes: { may: "tenant:write" },
    type: RemoveIdentityProviderPayload,
    errors: orRefusal("RemoveIdentityProvider"),
    description: "Ends single sign-on, and the sessions that came by it. Members stay members.",
    resolve: async (_root, _args, { database, tenantId }) => {
      if (await removeIdentityProvider(database.pool, tenantId)) return { removed: true };
      throw new Refusal("NOT_FOUND", "This tenant has no identity provider.");
    },
  }),
);
