import { isId, Refusal } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { BY_ID, connectionOf, newestFirst, page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { quotasOf } from "../quotas/quotas.ts";
import { permissionsOf } from "../rights/permissions-of.ts";
import { revokeApiKey } from "./api-keys.ts";
import { grantApiKey } from "./grant-api-key.ts";
import { KeyScope } from "./key-scope.graphql.ts";
import { rotateApiKey } from "./rotate-api-key.ts";

const ApiKey = builder.prismaObject("ApiKey", {
  authScopes: { may: "key:read" },
  description: "A credential. The key itself is shown once, when it is made; neither it nor its hash can be read.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name"),
    scope: t.expose("scope", { type: KeyScope }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", nullable: true }),
    lastUsedAt: t.expose("lastUsedAt", { type: "DateTime", nullable: true, description: "To the minute." }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true }),
    lastUsedFrom: t.exposeString("lastUsedFrom", {
      nullable: true,
      description: "Network of its last use: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one.",
    }),
    allowedAddresses: t.exposeStringList("allowedAddresses", {
      description: "Networks from which it may be used; none: from everywhere.",
    }),
    replacedBy: t.exposeID("replacedBy", { nullable: true, description: "The key that it was rotated to." }),
    role: t.string({
      nullable: true,
      description: "The role whose permissions it holds; null: it has a list of its own, or is an agent's.",
      select: { role: true, ownRole: { select: { name: true } } },
      resolve: ({ role, ownRole }) => role ?? ownRole?.name ?? null,
    }),
    permissions: t.stringList({
      description: "What it may do. A person's key does no more than the person may, whatever stands here.",
      select: { role: true, permissions: true, ownRole: { select: { permissions: true } } },
      resolve: ({ role, permissions, ownRole }) => [...permissionsOf(role, ownRole?.permissions ?? permissions)],
    }),
  }),
});

builder.queryField("apiKeys", (t) =>
  t.connection(
    {
      authScopes: { may: "key:read" },
      type: ApiKey,
      description: "Newest first, revoked ones too.",
      resolve: (_root, args, context, info) =>
        page(args, BY_ID, (asked) =>
          context.database.prisma.apiKey.findMany({
            ...queryOfNode(context, info),
            ...newestFirst(context.tenantId, asked),
          }),
        ),
    },
    ...connectionOf("ApiKey"),
  ),
);

const CreateApiKeyInput = builder.inputType("CreateApiKeyInput", {
  fields: (t) => ({
    name: t.string({ required: true }),
    scope: t.field({ type: KeyScope, required: true }),
    expiresInDays: t.int({ description: "1 to 3650; absent: it never expires." }),
    role: t.string({ description: "Name of the role whose permissions it holds, also when these change." }),
    permissions: t.stringList({
      description: "What it may do, where that is no role's. Neither this nor a role: what whoever asks may do now.",
    }),
    allowedAddresses: t.stringList({
      description: "Addresses and CIDR blocks from which it may be used; absent: from everywhere.",
    }),
    serviceAccountId: t.id({ description: "The service account that owns it; absent: whoever asks, if a person." }),
  }),
});

interface ShownKey {
  readonly id: string;
  readonly key: string;
}

const payloadWithKey = (name: string) =>
  builder.objectRef<ShownKey>(name).implement({
    fields: (t) => ({
      apiKey: t.prismaField({
        type: ApiKey,
        resolve: (query, { id }, _args, { database, tenantId }) =>
          database.prisma.apiKey.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
      }),
      key: t.exposeString("key", { description: "Shown this once; keep it where secrets are kept." }),
    }),
  });

builder.mutationField("createApiKey", (t) =>
  t.field({
    description: "A key holds no more than whoever makes it.",
    authScopes: { may: "key:write" },
    type: payloadWithKey("CreateApiKeyPayload"),
    errors: orRefusal("CreateApiKey"),
    args: { input: t.arg({ type: CreateApiKeyInput, required: true }) },
    resolve: async (_root, { input }, { database, secrets, principal }) => {
      await quotasOf(database.pool).requireRoom(principal.tenantId, "keys");
      return await grantApiKey(database.pool, secrets, principal, input);
    },
  }),
);

builder.mutationField("rotateApiKey", (t) =>
  t.field({
    authScopes: { may: "key:write" },
    type: payloadWithKey("RotateApiKeyPayload"),
    errors: orRefusal("RotateApiKey"),
    description:
      "Makes a key that takes the place of another and does the same. The old one stays good for the overlap.",
    args: {
      id: t.arg.id({ required: true }),
      overlapMinutes: t.arg.int({ defaultValue: 60, description: "0: the old key ends now. At most 30 days." }),
    },
    resolve: (_root, { id, overlapMinutes }, { database, secrets, principal }) =>
      rotateApiKey(database.pool, secrets, principal, { id, overlapMinutes: overlapMinutes ?? 60 }),
  }),
);

const RevokeApiKeyPayload = builder.objectRef<{ id: string }>("RevokeApiKeyPayload").implement({
  fields: (t) => ({
    apiKey: t.prismaField({
      type: ApiKey,
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.apiKey.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("revokeApiKey", (t) =>
  t.field({
    authScopes: { may: "key:write" },
    type: RevokeApiKeyPayload,
    errors: orRefusal("RevokeApiKey"),
    description: "Ends a key at once, with the sessions that were opened by it. Revoking it again changes nothing.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { database, tenantId }) => {
      if (isId(id) && (await revokeApiKey(database.pool, { tenantId, id }))) return { id };
      throw new Refusal(
        "NOT_FOUND",
        `There is no API key ${JSON.stringify(id)}; \`weir keys list\` shows those that are.`,
      );
    },
  }),
);
