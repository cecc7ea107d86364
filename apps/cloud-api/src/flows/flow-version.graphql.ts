import { builder } from "../graphql/builder.ts";

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
    tasks: t.expose("tasks", { type: "JSON" }),
    parameterSchema: t.expose("parameterSchema", { type: "JSON", nullable: true }),
    parameterDefaults: t.expose("parameterDefaults", {
      authScopes: { may: "parameter:read" },
      type: "JSON",
      nullable: true,
    }),
    runConfig: t.expose("runConfig", { type: "JSON", nullable: true }),
    storage: t.expose("storage", { type: "JSON" }),
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
