import { builder } from "../graphql/builder.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { type DeletedFlow, deleteFlow } from "./delete-flow.ts";
import { Flow } from "./flow.graphql.ts";
import { moveFlow } from "./move-flow.ts";

const DeleteFlowPayload = builder.objectRef<DeletedFlow>("DeleteFlowPayload").implement({
  fields: (t) => ({
    name: t.exposeString("name", { description: "Of the flow." }),
    done: t.exposeBoolean("done", { description: "False: runs are left to delete. The same call again goes on." }),
    runs: t.exposeInt("runs", { description: "Runs that this call deleted." }),
  }),
});

builder.mutationField("deleteFlow", (t) =>
  t.field({
    authScopes: { may: "flow:write" },
    type: DeleteFlowPayload,
    errors: orRefusal("DeleteFlow"),
    description:
      "Deletes a flow with all of its history: versions, settings, schedules, runs, task runs, logs, artifacts. Refused while a run is not finished. Nothing can be brought back; results in the user's own storage stay.",
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { database, tenantId }) => deleteFlow(database.pool, { tenantId, id }, new Date()),
  }),
);

const MoveFlowInput = builder.inputType("MoveFlowInput", {
  fields: (t) => ({
    id: t.id({ required: true, description: "Of the flow." }),
    project: t.string({ required: true, description: "Name of the project that it goes to." }),
  }),
});

const MoveFlowPayload = builder.objectRef<{ id: string }>("MoveFlowPayload").implement({
  fields: (t) => ({
    flow: t.prismaField({
      type: Flow,
      description: "As it stands after the call.",
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.flow.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("moveFlow", (t) =>
  t.field({
    authScopes: { may: "flow:write" },
    type: MoveFlowPayload,
    errors: orRefusal("MoveFlow"),
    description:
      "Puts a flow with its versions and runs into another project. Signatures say the project: a signed flow has to be registered anew there.",
    args: { input: t.arg({ type: MoveFlowInput, required: true }) },
    resolve: async (_root, { input }, { database, tenantId }) => {
      const { id } = input;
      await moveFlow(database.pool, { tenantId, id, project: checkedName("project", input.project) });
      return { id };
    },
  }),
);
