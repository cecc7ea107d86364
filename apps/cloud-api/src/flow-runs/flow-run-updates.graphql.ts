import { queryFromInfo } from "@pothos/plugin-prisma";
import { isId, Refusal } from "@weir/protocol";
import type { GraphQLResolveInfo } from "../graphql/graphql-js.ts";
import { builder } from "../graphql/builder.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import { Log } from "../logs/log.graphql.ts";
import { TaskRun } from "../task-runs/task-run.graphql.ts";
import { requireStillHolds } from "../rights/still-holds.ts";
import { setAlarm } from "./alarm.ts";
import { FlowRun } from "./flow-run.graphql.ts";
import { flowRunUpdates, type FlowRunUpdate as Update, type RunHead } from "./flow-run-updates.ts";

const ALARM_TIMES = { pollMs: 1_000, quietMs: 100 };
const HEAD = { id: true, state: true, stateVersion: true, attempt: true, eventNumber: true } as const;

type Run = RunHead & { readonly id: string };

const FlowRunUpdate = builder.objectRef<Update<Run>>("FlowRunUpdate").implement({
  description: "One message of a run's stream. The stream ends by itself once the run is over and all of it was told.",
  fields: (t) => ({
    flowRun: t.expose("flowRun", { type: FlowRun }),
    taskRuns: t.expose("taskRuns", { type: [TaskRun], description: "Those that changed since the message before." }),
    logs: t.expose("logs", {
      authScopes: { may: "log:read" },
      nullable: true,
      type: [Log],
      description: "Those written since the message before.",
    }),
    after: t.exposeString("after", { description: "To subscribe again from here." }),
  }),
});

function subscribe(id: string, after: string | null, context: GraphqlContext, info: GraphQLResolveInfo) {
  if (!isId(id))
    throw new Refusal(
      "NOT_FOUND",
      `There is no flow run ${JSON.stringify(id)}; an id is a UUID, as \`weir runs list\` shows it.`,
    );
  const { address, database, gone, principal, tenantId, wake } = context;
  const { select } = queryFromInfo({ context, info, typeName: "FlowRun", select: HEAD, path: ["flowRun"] });
  return flowRunUpdates<Run>({
    pool: database.pool,
    tenantId,
    runId: id,
    after,
    readRun: () => database.prisma.flowRun.findUnique({ select, where: { tenantId_id: { tenantId, id } } }),
    setAlarm: () => setAlarm((ring) => wake.onRun(id, ring), gone, ALARM_TIMES),
    checkCredential: () => requireStillHolds(database.pool, principal, address),
    gone,
  });
}

builder.subscriptionField("flowRunUpdates", (t) =>
  t.field({
    authScopes: { may: "run:read" },
    type: FlowRunUpdate,
    description:
      "What happens to a run, as it happens: the first message at once with everything after `after` (all when absent), then what is new.",
    args: { id: t.arg.id({ required: true }), after: t.arg.string() },
    subscribe: (_root, { id, after }, context, info) => subscribe(id, after ?? null, context, info),
    resolve: (update) => update,
  }),
);
