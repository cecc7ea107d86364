import { toldName } from "../api-keys/told-name.ts";
import { builder } from "../graphql/builder.ts";
import { checkedMessage } from "../graphql/checked-message.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { payloadWithRun, requireId } from "./flow-run-mutations.graphql.ts";
import { setStateByHand, STATES_BY_HAND } from "./set-state-by-hand.ts";

const StateByHand = builder.enumType("StateByHand", {
  description: "What a person may say of a run.",
  values: STATES_BY_HAND,
});

const SetFlowRunStateInput = builder.inputType("SetFlowRunStateInput", {
  fields: (t) => ({
    id: t.id({ required: true }),
    state: t.field({ type: StateByHand, required: true }),
    reason: t.string({ required: true, description: "For the history: why." }),
  }),
});

builder.mutationField("setFlowRunState", (t) =>
  t.field({
    type: payloadWithRun("SetFlowRunStatePayload"),
    errors: orRefusal("SetFlowRunState"),
    authScopes: { may: "run:control" },
    description: "Ends a run by a person's word, at once. An agent that holds it is told that its attempt is over.",
    args: { input: t.arg({ type: SetFlowRunStateInput, required: true }) },
    resolve: async (_root, { input }, { database, tenantId, principal }) => {
      const id = requireId(input.id);
      const reason = checkedMessage("reason", input.reason);
      const by = await toldName(database.pool, principal);
      await setStateByHand(database.pool, { tenantId, id, state: input.state, reason, by });
      return { id };
    },
  }),
);
