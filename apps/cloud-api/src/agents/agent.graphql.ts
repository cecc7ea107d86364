import { builder } from "../graphql/builder.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import { BY_ID, connectionOf, newestFirst, page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { PauseType } from "../queue/pause.graphql.ts";
import { AGENT_PRESENCE } from "./agent.sql.ts";

interface Presence {
  readonly id: string;
  readonly online: boolean;
  readonly runs: number;
}

async function presenceOf(agentId: string, { batches, database, tenantId }: GraphqlContext) {
  return await batches.ask("agents", agentId, async (agents) => {
    const { rows } = await database.pool.query<Presence>(AGENT_PRESENCE, [tenantId, agents]);
    return new Map(rows.map((row) => [row.id, row]));
  });
}

/** A user's process that claims flow runs. */
export const Agent = builder.prismaObject("Agent", {
  authScopes: { may: "agent:read" },
  description: "A user's process that claims flow runs.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name"),
    labels: t.exposeStringList("labels"),
    launchers: t.exposeStringList("launchers"),
    version: t.exposeString("version"),
    capacity: t.exposeInt("capacity", { description: "Flow runs that it holds at most." }),
    enrolledAt: t.expose("enrolledAt", { type: "DateTime" }),
    lastSeenAt: t.expose("lastSeenAt", { type: "DateTime" }),
    online: t.boolean({
      description: "Whether it was heard of within 90 seconds.",
      resolve: async ({ id }, _args, context) => (await presenceOf(id, context))?.online ?? false,
    }),
    pause: t.field({
      type: PauseType,
      nullable: true,
      description: "Who paused it, so that it claims nothing; null: nobody.",
      select: { pausedAt: true, pausedBy: true, pauseReason: true },
      resolve: ({ pausedAt: at, pausedBy: by, pauseReason: reason }) =>
        at === null || by === null ? null : { at, by, reason },
    }),
    runs: t.int({
      description: "Flow runs that it holds now.",
      resolve: async ({ id }, _args, context) => (await presenceOf(id, context))?.runs ?? 0,
    }),
  }),
});

builder.queryField("agents", (t) =>
  t.connection(
    {
      authScopes: { may: "agent:read" },
      type: Agent,
      description: "Newest first.",
      resolve: (_root, args, context, info) =>
        page(args, BY_ID, (asked) =>
          context.database.prisma.agent.findMany({
            ...queryOfNode(context, info),
            ...newestFirst(context.tenantId, asked),
          }),
        ),
    },
    ...connectionOf("Agent"),
  ),
);
