import { queryFromInfo } from "@pothos/plugin-prisma";
import type { GraphqlContext } from "../graphql/context.ts";
import type { GraphQLResolveInfo } from "../graphql/graphql-js.ts";

/**
 * A flow run for a field that knows its id, with the columns and relations that it is asked for: one statement for all rows of a list. Null: there
 * is none.
 */
export async function flowRunOfId(id: string, context: GraphqlContext, info: GraphQLResolveInfo) {
  const { batches, database, tenantId } = context;
  const { select } = queryFromInfo({ context, info, select: { id: true } });
  const read = async (ids: readonly string[]) => {
    const runs = await database.prisma.flowRun.findMany({ select, where: { tenantId, id: { in: [...ids] } } });
    return new Map(runs.map((run) => [run.id, run]));
  };
  return (await batches.ask(`flow run ${JSON.stringify(select)}`, id, read)) ?? null;
}
