import { isId, Refusal } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { cancelFlowRun } from "./cancel-flow-run.ts";
import { createFlowRun } from "./create-flow-run.ts";
import { FlowRun } from "./flow-run.graphql.ts";
import { restartFlowRun } from "./restart-flow-run.ts";

const CreateFlowRunInput = builder.inputType("CreateFlowRunInput", {
  fields: (t) => ({
    project: t.string({ required: true, description: "Name of the project." }),
    flow: t.string({ required: true, description: "Name of the flow; its newest version runs." }),
    parameters: t.field({ type: "JSON" }),
    name: t.string(),
    labels: t.stringList(),
    idempotencyKey: t.string({ description: "The same key again answers the same run, and creates none." }),
    scheduledStartTime: t.field({ type: "DateTime", description: "Not before this moment; absent: now." }),
    boundary: t.field({
      type: "JSON",
      description:
        "What is asked of the gate for this run: an action for each class of data. It can only make it stricter.",
    }),
    signature: t.string({ description: "Compact JWS over the parameters." }),
  }),
});

const flowRunField = { description: "As it stands after the call." };

const CreateFlowRunPayload = builder.objectRef<{ id: string; created: boolean }>("CreateFlowRunPayload").implement({
  fields: (t) => ({
    created: t.exposeBoolean("created", { description: "False: the idempotency key named this run already." }),
    flowRun: t.prismaField({
      ...flowRunField,
      type: FlowRun,
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.flowRun.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("createFlowRun", (t) =>
  t.field({
    authScopes: { may: "run:start" },
    type: CreateFlowRunPayload,
    errors: orRefusal("CreateFlowRun"),
    args: { input: t.arg({ type: CreateFlowRunInput, required: true }) },
    resolve: (_root, { input }, { database, tenantId, idempotency }, { path }) => {
      const { project, flow, parameters, ...options } = input;
      const own = idempotency === null ? {} : { idempotencyKey: idempotency.keyOf(String(path.key)) };
      const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
      return createFlowRun(database.pool, { ...own, ...given, tenantId, project, flow, parameters: parameters ?? {} });
    },
  }),
);

/** A payload that is the run alone, as it stands after the call. */
export function payloadWithRun(name: string) {
  return builder.objectRef<{ id: string }>(name).implement({
    fields: (t) => ({
      flowRun: t.prismaField({
        ...flowRunField,
        type: FlowRun,
        resolve: (query, { id }, _args, { database, tenantId }) =>
          database.prisma.flowRun.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
      }),
    }),
  });
}

/** @throws Refusal NOT_FOUND: text that is no id names no run, and Postgres would not take it. */
export function requireId(id: string): string {
  if (isId(id)) return id;
  throw new Refusal(
    "NOT_FOUND",
    `There is no flow run ${JSON.stringify(id)}; an id is a UUID, as \`weir runs list\` shows it.`,
  );
}

builder.mutationField("cancelFlowRun", (t) =>
  t.field({
    authScopes: { may: "run:control" },
    type: payloadWithRun("CancelFlowRunPayload"),
    errors: orRefusal("CancelFlowRun"),
    description:
      "A run that waits is cancelled at once; one that is held becomes Cancelling until its agent has stopped it.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { database, tenantId }) => {
      await cancelFlowRun(database.pool, { tenantId, id: requireId(id) });
      return { id };
    },
  }),
);

builder.mutationField("restartFlowRun", (t) =>
  t.field({
    authScopes: { may: "run:start" },
    type: payloadWithRun("RestartFlowRunPayload"),
    errors: orRefusal("RestartFlowRun"),
    description: "A new attempt of a finished run: what had succeeded is not run again.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { database, tenantId }) => {
      await restartFlowRun(database.pool, { tenantId, id: requireId(id) });
      return { id };
    },
  }),
);
