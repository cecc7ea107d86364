import { builder } from "../graphql/builder.ts";
import { COST_OF_LARGE } from "../graphql/field-cost.ts";

/** One registered description of a flow. */
export const FlowVersion = builder.prismaObject("FlowVersion", {
  authScopes: { may: "flow:read" },
  description: "One registered description of a flow. Its code is not here: only where it lies, and its digest.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id"),
    number: t.exposeInt("number"),
    description: t.exposeString("description", { nullable: true }),
    labels: t.exposeStringList("labels"),
    tasks: t.expose("tasks", { type: "JSON", complexity: COST_OF_LARGE }),
    parameterSchema: t.expose("parameterSchema", { type: "JSON", nullable: true, complexity: COST_OF_LARGE }),
    parameterDefaults: t.expose("parameterDefaults", {
      authScopes: { may: "parameter:read" },
      type: "JSON",
      nullable: true,
      complexity: COST_OF_LARGE,
    }),
    runConfig: t.expose("runConfig", { type: "JSON", nullable: true, complexity: COST_OF_LARGE }),
    storage: t.expose("storage", { type: "JSON", complexity: COST_OF_LARGE }),
    sdkVersion: t.exposeString("sdkVersion"),
    contentDigest: t.exposeString("contentDigest", { description: "SHA-256 over the canonical registration." }),
    boundary: t.expose("boundary", {
      type: "JSON",
      nullable: true,
      description: "What the flow asks of the gate beyond the policy file: an action for each class of data.",
    }),
    signature: t.exposeString("signature", {
      authScopes: { may: "parameter:read" },
      nullable: true,
      description: "Compact JWS over all that an agent would act on, by a key that stays with the user.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    archivedAt: t.expose("archivedAt", {
      type: "DateTime",
      nullable: true,
      description: "When a newer one took its place, or a person archived it.",
    }),
    flow: t.relation("flow"),
  }),
});
