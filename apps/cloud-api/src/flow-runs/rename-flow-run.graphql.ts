import { builder } from "../graphql/builder.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { payloadWithRun, requireId } from "./flow-run-mutations.graphql.ts";
import { renameFlowRun, setFlowRunLabels } from "./rename-flow-run.ts";

const RenameFlowRunInput = builder.inputType("RenameFlowRunInput", {
  fields: (t) => ({
    id: t.id({ required: true, description: "Of the flow run." }),
    name: t.string({ required: true }),
  }),
});

builder.mutationField("renameFlowRun", (t) =>
  t.field({
    authScopes: { may: "run:control" },
    type: payloadWithRun("RenameFlowRunPayload"),
    errors: orRefusal("RenameFlowRun"),
    description: "In whatever state. Its agent calls it by the old name until it is claimed again.",
    args: { input: t.arg({ type: RenameFlowRunInput, required: true }) },
    resolve: async (_root, { input }, { database, tenantId }) => {
      const id = requireId(input.id);
      await renameFlowRun(database.pool, { tenantId, id, name: checkedName("name", input.name) });
      return { id };
    },
  }),
);

const SetFlowRunLabelsInput = builder.inputType("SetFlowRunLabelsInput", {
  fields: (t) => ({
    id: t.id({ required: true, description: "Of the flow run." }),
    labels: t.stringList({
      required: true,
      description: "Only an agent that has them all may claim it; none: any agent.",
    }),
  }),
});

builder.mutationField("setFlowRunLabels", (t) =>
  t.field({
    authScopes: { may: "run:control" },
    type: payloadWithRun("SetFlowRunLabelsPayload"),
    errors: orRefusal("SetFlowRunLabels"),
    description: "Only while the run waits; agents that have the labels hear of it at once.",
    args: { input: t.arg({ type: SetFlowRunLabelsInput, required: true }) },
    resolve: async (_root, { input }, { database, tenantId }) => {
      const id = requireId(input.id);
      await setFlowRunLabels(database.pool, { tenantId, id, labels: input.labels });
      return { id };
    },
  }),
);
