import { toldName } from "../api-keys/told-name.ts";
import { builder } from "../graphql/builder.ts";
import { checkedMessage } from "../graphql/checked-message.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { Agent } from "./agent.graphql.ts";
import { pauseAgent, resumeAgent } from "./pause-agent.ts";

const payload = (name: string) =>
  builder.objectRef<{ id: string }>(name).implement({
    fields: (t) => ({
      agent: t.prismaField({
        type: Agent,
        description: "As it stands after the call.",
        resolve: (query, { id }, _args, { database, tenantId }) =>
          database.prisma.agent.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
      }),
    }),
  });

const PauseAgentInput = builder.inputType("PauseAgentInput", {
  fields: (t) => ({
    name: t.string({ required: true }),
    reason: t.string({ description: "For whoever asks why it takes nothing." }),
  }),
});

builder.mutationField("pauseAgent", (t) =>
  t.field({
    type: payload("PauseAgentPayload"),
    errors: orRefusal("PauseAgent"),
    authScopes: { may: "agent:write" },
    description: "From now on the agent claims nothing, also after a restart; what it holds goes on.",
    args: { input: t.arg({ type: PauseAgentInput, required: true }) },
    resolve: async (_root, { input: { name, reason } }, { database, tenantId, principal }) => {
      const told = reason === undefined || reason === null ? {} : { reason: checkedMessage("reason", reason) };
      const by = await toldName(database.pool, principal);
      return await pauseAgent(database.pool, { tenantId, name: checkedName("name", name), by, ...told });
    },
  }),
);

builder.mutationField("resumeAgent", (t) =>
  t.field({
    type: payload("ResumeAgentPayload"),
    errors: orRefusal("ResumeAgent"),
    authScopes: { may: "agent:write" },
    description: "The agent may claim again, at once.",
    args: { name: t.arg.string({ required: true }) },
    resolve: (_root, { name }, { database, tenantId }) =>
      resumeAgent(database.pool, { tenantId, name: checkedName("name", name) }),
  }),
);
