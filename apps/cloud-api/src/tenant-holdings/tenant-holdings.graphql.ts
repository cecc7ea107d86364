import { builder } from "../graphql/builder.ts";
import { type ColumnHolding, readTenantHoldings } from "./read-tenant-holdings.ts";

const ColumnHoldingType = builder.objectRef<ColumnHolding>("ColumnHolding").implement({
  description: "What one column of the cloud's database holds of the tenant's data.",
  fields: (t) => ({
    table: t.exposeString("table"),
    column: t.exposeString("column"),
    about: t.exposeString("about", { description: "What it is." }),
    dataClass: t.exposeString("dataClass", {
      description: "The class by which the policy file `weir.boundary.yaml` says what becomes of it before it leaves.",
    }),
    values: t.exposeInt("values", {
      description: "How many there are: in the newest 10,000 rows of the table, as far as these take up 64 MiB.",
    }),
    sealed: t.exposeInt("sealed", { description: "Of these: encrypted for recipients whom the user named." }),
    pseudonyms: t.exposeInt("pseudonyms", { description: "Of these: keyed digests." }),
    plain: t.int({
      description: "Of these: as the cloud can read them, secrets struck out where the policy says so.",
      resolve: ({ values, sealed, pseudonyms }) => values - sealed - pseudonyms,
    }),
    isMore: t.exposeBoolean("isMore", { description: "There are older rows, which were not looked at." }),
    sample: t.exposeString("sample", {
      nullable: true,
      description: "The newest value as the cloud sees it, the first 200 characters; null: there is none.",
    }),
  }),
});

builder.queryField("holdings", (t) =>
  t.field({
    authScopes: {
      may: ["run:read", "flow:read", "agent:read", "log:read", "parameter:read", "artifact:read", "kv:read"],
    },
    type: [ColumnHoldingType],
    description: "What the cloud holds: every column that may hold user data, with what it holds of the tenant.",
    // Looks at 10,000 rows of each of a dozen tables.
    complexity: 5_000,
    resolve: (_root, _args, { database, tenantId }) => readTenantHoldings(database.pool, tenantId),
  }),
);
