import type { GraphqlContext } from "../graphql/context.ts";
import { builder } from "../graphql/builder.ts";
import type { GraphQLResolveInfo } from "../graphql/graphql-js.ts";
import { BY_NUMBER, connectionOf, LAST_NUMBER, page, type Page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { setVersionArchived } from "./archive-flow-version.ts";
import { VERSION_PAGES } from "./flow-version.sql.ts";
import { FlowVersion } from "./flow-version.graphql.ts";

interface VersionKey {
  readonly id: string;
  readonly flowId: string;
  readonly number: number;
}

/** Keys of one page of a flow's versions; one statement for all flows of a list. */
async function versionKeys(flowId: string, asked: Page<number>, { batches, database, tenantId }: GraphqlContext) {
  const keys = await batches.ask(`flow versions ${JSON.stringify(asked)}`, flowId, async (flows) => {
    // Newest first: what comes after a cursor has a lower number.
    const bounds = [asked.before ?? 0, asked.after ?? LAST_NUMBER];
    const values = [tenantId, flows, ...bounds, asked.limit];
    const { rows } = await database.pool.query<VersionKey>(VERSION_PAGES(asked.fromEnd ? "asc" : "desc"), values);
    return Map.groupBy(rows, (row) => row.flowId);
  });
  return keys ?? [];
}

/** A page of a flow's versions with what is asked of them: two statements for all flows of a list. */
async function versionsOf(flowId: string, asked: Page<number>, context: GraphqlContext, info: GraphQLResolveInfo) {
  const { batches, database, tenantId } = context;
  const { select } = queryOfNode(context, info);
  const keys = await versionKeys(flowId, asked, context);
  const read = async (ids: readonly string[]) => {
    const rows = await database.prisma.flowVersion.findMany({ select, where: { tenantId, id: { in: [...ids] } } });
    return new Map(rows.map((row) => [row.id, row]));
  };
  const rows = await Promise.all(keys.map(({ id }) => batches.ask(`versions ${JSON.stringify(select)}`, id, read)));
  // One that was deleted in between is left out.
  return keys.flatMap(({ number }, i) => (rows[i] === undefined ? [] : [{ ...rows[i], number }]));
}

builder.prismaObjectFields("Flow", (t) => ({
  versions: t.connection(
    {
      type: FlowVersion,
      description: "Newest first, archived ones too.",
      resolve: ({ id }, args, context, info) => page(args, BY_NUMBER, (asked) => versionsOf(id, asked, context, info)),
    },
    ...connectionOf("FlowVersion"),
  ),
  version: t.field({
    type: FlowVersion,
    nullable: true,
    description: "The version of a number; null when there is none.",
    args: { number: t.arg.int({ required: true }) },
    select: ({ number }, _context, nested) => ({ versions: nested({ where: { number }, take: 1 }) }),
    resolve: ({ versions }) => versions[0] ?? null,
  }),
}));

function payloadWithVersion(name: string) {
  return builder.objectRef<{ id: string }>(name).implement({
    fields: (t) => ({
      flowVersion: t.prismaField({
        type: FlowVersion,
        description: "As it stands after the call.",
        resolve: (query, { id }, _args, { database, tenantId }) =>
          database.prisma.flowVersion.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
      }),
    }),
  });
}

builder.mutationField("archiveFlowVersion", (t) =>
  t.field({
    authScopes: { may: "flow:write" },
    type: payloadWithVersion("ArchiveFlowVersionPayload"),
    errors: orRefusal("ArchiveFlowVersion"),
    description:
      "The newest version that is not archived runs next, with its schedules; without any, nothing of the flow begins. Runs that were created before keep theirs.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { database, tenantId }) => {
      await setVersionArchived(database.pool, { tenantId, id, archived: true, now: new Date() });
      return { id };
    },
  }),
);

builder.mutationField("unarchiveFlowVersion", (t) =>
  t.field({
    authScopes: { may: "flow:write" },
    type: payloadWithVersion("UnarchiveFlowVersionPayload"),
    errors: orRefusal("UnarchiveFlowVersion"),
    description:
      "It runs next when no newer one is left; to go back to an older version, archive the newer ones after that.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { database, tenantId }) => {
      await setVersionArchived(database.pool, { tenantId, id, archived: false, now: new Date() });
      return { id };
    },
  }),
);
