import { Flow } from "../flows/flow.graphql.ts";
import { builder } from "../graphql/builder.ts";
import { COST_OF_LARGE } from "../graphql/field-cost.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { setFlowSettings } from "./set-flow-settings.ts";

const FlowSettings = builder.prismaObject("FlowSettings", {
  authScopes: { may: "flow:read" },
  description:
    "What people say about a flow beside its code; it survives versions. Null: as the version, or the cloud, has it.",
  select: { flowId: true },
  fields: (t) => ({
    description: t.exposeString("description", { nullable: true }),
    parameterDefaults: t.expose("parameterDefaults", {
      authScopes: { may: "parameter:read" },
      type: "JSON",
      nullable: true,
      complexity: COST_OF_LARGE,
      description: "Its names go before those of the version's defaults. A signed version runs with its own alone.",
    }),
    labels: t.stringList({
      nullable: true,
      select: { labels: true },
      resolve: ({ labels }) => labels as string[] | null,
    }),
    maxRecoveries: t.exposeInt("maxRecoveries", { nullable: true }),
    recoveryBackoffSeconds: t.exposeFloat("recoveryBackoffSeconds", { nullable: true }),
    changedAt: t.expose("changedAt", { type: "DateTime" }),
  }),
});

builder.prismaObjectFields(Flow, (t) => ({
  settings: t.relation("settings", {
    type: FlowSettings,
    nullable: true,
    description: "Null: nobody has set any.",
  }),
  description: t.string({
    nullable: true,
    description: "What it is for: of its settings, else of the version that runs.",
    select: {
      settings: { select: { description: true } },
      versions: { where: { archivedAt: null }, orderBy: { number: "desc" }, take: 1, select: { description: true } },
    },
    resolve: ({ settings, versions }) => settings?.description ?? versions[0]?.description ?? null,
  }),
}));

const SetFlowSettingsInput = builder.inputType("SetFlowSettingsInput", {
  description: "What is absent stays; null gives a setting back to the version, or to the cloud.",
  fields: (t) => ({
    project: t.string({ required: true, description: "Name of the project." }),
    flow: t.string({ required: true, description: "Name of the flow." }),
    description: t.string(),
    parameterDefaults: t.field({
      type: "JSON",
      description: "A JSON object, in plain: the cloud joins it with what is given. Refused for a signed version.",
    }),
    labels: t.stringList({ description: "Only an agent that has them all may claim its runs." }),
    maxRecoveries: t.int({
      description: "How often a run is taken over from a silent agent before it fails: 0 to 100.",
    }),
    recoveryBackoffSeconds: t.float({
      description: "Wait before the first takeover; each further one doubles it, up to 30 s or this. 0 to 3600.",
    }),
  }),
});

const SetFlowSettingsPayload = builder.objectRef<{ flowId: string }>("SetFlowSettingsPayload").implement({
  fields: (t) => ({
    flow: t.prismaField({
      type: Flow,
      description: "As it stands after the call.",
      resolve: (query, { flowId: id }, _args, { database, tenantId }) =>
        database.prisma.flow.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("setFlowSettings", (t) =>
  t.field({
    authScopes: { may: "flow:write" },
    type: SetFlowSettingsPayload,
    errors: orRefusal("SetFlowSettings"),
    description:
      "Runs that begin from now on have them, and those that schedules made ahead; others that wait keep what they have.",
    args: { input: t.arg({ type: SetFlowSettingsInput, required: true }) },
    resolve: (_root, { input }, { database, tenantId }) => {
      const { project, flow, ...patch } = input;
      const which = { tenantId, project: checkedName("project", project), flow: checkedName("flow", flow) };
      return setFlowSettings(database.pool, which, patch, new Date());
    },
  }),
);
