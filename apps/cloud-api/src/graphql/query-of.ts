import { queryFromInfo } from "@pothos/plugin-prisma";
import type { GraphQLResolveInfo } from "./graphql-js.ts";
import type { GraphqlContext } from "./context.ts";

// `id` is always among the columns: cursors are made of it.
const ID = { id: true } as const;

/**
 * The columns and relations that a connection's nodes are asked for, in Prisma's form: one query for the page, whatever it nests.
 * Only for types in select mode (`select: { id: true }` in their definition), as all of ours are: big JSON columns are read when asked for.
 */
export function queryOfNode(context: GraphqlContext, info: GraphQLResolveInfo) {
  const { select } = queryFromInfo({ context, info, select: ID, paths: [["edges", "node"], ["nodes"]] });
  return { select };
}
