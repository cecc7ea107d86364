import SchemaBuilder from "@pothos/core";
import ComplexityPlugin from "@pothos/plugin-complexity";
import ErrorsPlugin from "@pothos/plugin-errors";
import PrismaPlugin from "@pothos/plugin-prisma";
import RelayPlugin from "@pothos/plugin-relay";
import ScopeAuthPlugin from "@pothos/plugin-scope-auth";
import { beyond, Refusal } from "@weir/protocol";
import AuditPlugin from "../audit/audit-plugin.ts";
import type PrismaTypes from "../generated/pothos-types.ts";
import { getDatamodel } from "../generated/pothos-types.ts";
import { lacks } from "../rights/lacks.ts";
import { type Needed, neededInVain } from "../rights/needed.ts";
import type { GraphqlContext } from "./context.ts";
import { type PageArgs, pageSizeOf } from "./page.ts";
import { QUERY_LIMITS } from "./query-limits.ts";
import { DateTime, Json } from "./scalars.ts";

/** What a scalar is in TypeScript, on the way in and out. Exported because declarations of the types below name it. */
export interface Scalar<T> {
  Input: T;
  Output: T;
}

const ROOTS: ReadonlySet<string> = new Set(["Query", "Mutation", "Subscription"]);
const whatIsAsked = (type: string, field: string) => (ROOTS.has(type) ? field : `${type}.${field}`);

const WRAPPER = { field: 0, multiplier: 1 };

/** The one builder. Each noun adds its part in a file of its own; `schema.ts` lists them. */
export const builder = new SchemaBuilder<{
  Context: GraphqlContext;
  PrismaTypes: PrismaTypes;
  AuthScopes: { user: boolean; may: Needed };
  Scalars: { ID: Scalar<string>; JSON: Scalar<unknown>; DateTime: Scalar<Date> };
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
}>({
  // The first wraps the others: a refusal of any of them can become a member of a mutation's union, and what is denied is audited.
  plugins: [ErrorsPlugin, AuditPlugin, ScopeAuthPlugin, ComplexityPlugin, RelayPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  errors: { defaultTypes: [] },
  scopeAuth: {
    // Asked again when an operation subscribes: by default only its messages would be.
    authorizeOnSubscribe: true,
    authScopes: ({ principal }) => ({
      user: principal.scope === "user",
      may: (needed) => beyond([needed].flat(), principal.permissions).length === 0,
    }),
    unauthorizedError: (_parent, { principal }, { parentType, fieldName }, { failure }) => {
      const needed = neededInVain(failure);
      if (needed === null)
        return new Refusal("FORBIDDEN", "GraphQL is for keys of the scope user; this key has another.");
      return lacks(whatIsAsked(parentType.name, fieldName), beyond([needed].flat(), principal.permissions));
    },
  },
  // Only what fields cost: `cost-limit.ts` holds the limit, before an operation runs and not in the middle of it.
  complexity: { defaultListMultiplier: 10 },
  relay: {
    clientMutationId: "omit",
    cursorType: "String",
    // Ids are plain UUIDs: there is no global node(id).
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    // The connection itself multiplies by its page size; its two lists are the same rows.
    nodesOnConnection: { complexity: WRAPPER },
    edgesFieldOptions: { nullable: { list: false, items: false }, complexity: WRAPPER },
    nodeFieldOptions: { nullable: false },
    defaultConnectionFieldOptions: {
      complexity: (args: PageArgs) => ({
        field: 1,
        multiplier: pageSizeOf(args),
      }),
    },
  },
  prisma: {
    client: (context) => context.database.prisma,
    dmmf: getDatamodel(),
    maxConnectionSize: QUERY_LIMITS.maxPageSize,
    defaultConnectionSize: QUERY_LIMITS.pageSize,
  },
});

builder.queryType({ authScopes: { user: true } });
builder.mutationType({ authScopes: { user: true } });
builder.subscriptionType({ authScopes: { user: true } });
builder.addScalarType("DateTime", DateTime);
builder.addScalarType("JSON", Json);
