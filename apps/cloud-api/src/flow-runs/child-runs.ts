import type { GraphQLResolveInfo } from "../graphql/graphql-js.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import type { Page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";

interface ChildRow {
  readonly parent: string;
  readonly id: string;
}

/**
 * A page of the runs that each of many runs started. `is true` keeps the tenant from being an index condition: see claim-flow-runs.sql.ts on
 * young tenants. $1 tenant, $2 parents, $3 after, $4 before, $5 rows
 */
const CHILDREN = (order: "asc" | "desc") => `select p.id as parent, c.id from unnest($2::uuid[]) as p(id)
cross join lateral (
  select r.id from flow_runs r
  where r.parent_run_id = p.id and (r.tenant_id = $1::uuid) is true
    and ($3::uuid is null or r.id < $3::uuid) and ($4::uuid is null or r.id > $4::uuid)
  order by r.id ${order} limit $5
) c`;

/**
 * One page of the runs that a run started, newest first: two statements for all flow runs of a list, whichever columns and relations of the
 * children are asked for.
 */
export async function childrenOf(
  runId: string,
  asked: Page<string>,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
) {
  const { batches, database, tenantId } = context;
  const { select } = queryOfNode(context, info);
  const read = (ids: readonly string[]) =>
    database.prisma.flowRun.findMany({ select, where: { tenantId, id: { in: [...ids] } } });
  type Child = Awaited<ReturnType<typeof read>>[number];
  const found = await batches.ask(`children ${JSON.stringify([asked, select])}`, runId, async (runs) => {
    const values = [tenantId, runs, asked.after, asked.before, asked.limit];
    const { rows } = await database.pool.query<ChildRow>(CHILDREN(asked.fromEnd ? "asc" : "desc"), values);
    const children = new Map((await read(rows.map(({ id }) => id))).map((child) => [child.id, child]));
    const ofParents = new Map<string, Child[]>();
    for (const { parent, id } of rows) {
      const child = children.get(id);
      if (child !== undefined) ofParents.set(parent, [...(ofParents.get(parent) ?? []), child]);
    }
    return ofParents;
  });
  return found ?? [];
}
