import { isId, Refusal } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { BY_ID, connectionOf, newestFirst, page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { createApiKey, revokeApiKey } from "./api-keys.ts";
import { KeyScope } from "./key-scope.graphql.ts";

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
  }),
});

interface ShownKey {
  readonly id: string;
  readonly key: string;
}

const CreateApiKeyPayload = builder.objectRef<ShownKey>("CreateApiKeyPayload").implement({
  fields: (t) => ({
    apiKey: t.prismaField({
      type: ApiKey,
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.apiKey.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
    key: t.exposeString("key", { description: "Shown this once; keep it where secrets are kept." }),
  }),
});

const DAY_MS = 86_400_000;
const MOST_DAYS = 3_650;

function expiry(days: number | null | undefined, now: number): { expiresAt?: Date } {
  if (days === undefined || days === null) return {};
  if (days < 1 || days > MOST_DAYS)
    throw new Refusal(
      "INVALID",
      `expiresInDays is ${days}; it takes 1 to ${MOST_DAYS}, or nothing for a key that never expires.`,
    );
  return { expiresAt: new Date(now + days * DAY_MS) };
}

builder.mutationField("createApiKey", (t) =>
  t.field({
    authScopes: { may: "key:write" },
    type: CreateApiKeyPayload,
    errors: orRefusal("CreateApiKey"),
    args: { input: t.arg({ type: CreateApiKeyInput, required: true }) },
    resolve: (_root, { input }, { database, secrets, tenantId }) =>
      createApiKey(database.pool, secrets, {
        tenantId,
        name: checkedName("name", input.name),
        scope: input.scope,
        ...expiry(input.expiresInDays, Date.now()),
      }),
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
