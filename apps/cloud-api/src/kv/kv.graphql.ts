import { LIMITS, Refusal } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { COST_OF_LONG } from "../graphql/field-cost.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { connectionOf, type Cursor, page } from "../graphql/page.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { toldName } from "../api-keys/told-name.ts";
import { deleteKv, type KvEntry as KvEntryRow, readKv, readKvPage, writeKv } from "./kv-entries.ts";

const KvEntry = builder.objectRef<KvEntryRow>("KvEntry").implement({
  authScopes: { may: "kv:read" },
  description: "A small value that people and programs keep beside their flows.",
  fields: (t) => ({
    key: t.exposeString("key"),
    value: t.expose("value", {
      type: "JSON",
      nullable: true,
      complexity: COST_OF_LONG,
      description: "Any JSON; sealed where its writer's policy says so.",
    }),
    version: t.exposeInt("version", { description: "Counts the writes of this key: 1, 2, 3 …" }),
    updatedAt: t.expose("updatedAt", { type: "DateTime" }),
    updatedBy: t.exposeString("updatedBy"),
  }),
});

const BY_KEY: Cursor<KvEntryRow, string> = {
  write: ({ key }) => key,
  read: (text) => (text.length <= LIMITS.nameLength ? text : null),
};

builder.queryField("kv", (t) =>
  t.field({
    authScopes: { may: "kv:read" },
    type: KvEntry,
    nullable: true,
    description: "An entry of the key-value store; null when there is none.",
    args: { key: t.arg.string({ required: true }) },
    resolve: (_root, { key }, { database, tenantId }) =>
      readKv(database.pool, { tenantId, key: checkedName("key", key) }),
  }),
);

builder.queryField("kvEntries", (t) =>
  t.connection(
    {
      authScopes: { may: "kv:read" },
      type: KvEntry,
      description: "By key.",
      args: { prefix: t.arg.string({ description: "Only keys that begin with this." }) },
      resolve: (_root, { prefix, ...args }, { database, tenantId }) =>
        page(args, BY_KEY, (asked) =>
          readKvPage(database.pool, tenantId, asked, prefix ? checkedName("prefix", prefix) : null),
        ),
    },
    ...connectionOf("KvEntry"),
  ),
);

/** @throws Refusal INVALID: a version that no entry can have is a mistake, not a conflict. */
function checkedVersion(version: number | null | undefined): number | null {
  if (version === undefined || version === null || version >= 0) return version ?? null;
  throw new Refusal("INVALID", `expectedVersion cannot be ${version}; it takes 0 (there is none yet) or more.`);
}

const expectedVersion = {
  description: "Only where the entry has this version; 0: only where there is none. Absent: in any case.",
};

const SetKvInput = builder.inputType("SetKvInput", {
  fields: (t) => ({
    key: t.string({ required: true }),
    value: t.field({ type: "JSON", description: `Any JSON of at most ${LIMITS.kvValueBytes} bytes.` }),
    expectedVersion: t.int(expectedVersion),
  }),
});

const SetKvPayload = builder.objectRef<KvEntryRow>("SetKvPayload").implement({
  fields: (t) => ({
    key: t.exposeString("key"),
    version: t.exposeInt("version", { description: "The one that was written." }),
  }),
});

builder.mutationField("setKv", (t) =>
  t.field({
    authScopes: { may: "kv:write" },
    type: SetKvPayload,
    errors: orRefusal("SetKv"),
    args: { input: t.arg({ type: SetKvInput, required: true }) },
    resolve: async (_root, { input }, { database, tenantId, principal }) =>
      writeKv(database.pool, {
        tenantId,
        key: checkedName("key", input.key),
        value: input.value ?? null,
        expectedVersion: checkedVersion(input.expectedVersion),
        by: await toldName(database.pool, principal),
      }),
  }),
);

const DeleteKvInput = builder.inputType("DeleteKvInput", {
  fields: (t) => ({ key: t.string({ required: true }), expectedVersion: t.int(expectedVersion) }),
});

const DeleteKvPayload = builder.objectRef<{ key: string }>("DeleteKvPayload").implement({
  fields: (t) => ({ key: t.exposeString("key") }),
});

builder.mutationField("deleteKv", (t) =>
  t.field({
    authScopes: { may: "kv:write" },
    type: DeleteKvPayload,
    errors: orRefusal("DeleteKv"),
    description: "A key that is written again begins with version 1.",
    args: { input: t.arg({ type: DeleteKvInput, required: true }) },
    resolve: async (_root, { input }, { database, tenantId }) => {
      const key = checkedName("key", input.key);
      await deleteKv(database.pool, { tenantId, key, expectedVersion: checkedVersion(input.expectedVersion) });
      return { key };
    },
  }),
);
