import { LIMITS } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { checkedName } from "../graphql/checked-name.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import { connectionOf, type Cursor, page } from "../graphql/page.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import {
  readHolders,
  readRunLimit,
  readRunLimits,
  readRunLimitUse,
  type RunHolderRow,
  type RunLimitRow,
} from "./read-run-limits.ts";
import { deleteRunLimit, setRunLimit } from "./set-run-limit.ts";

const useOf = ({ label }: RunLimitRow, { batches, database, tenantId }: GraphqlContext) =>
  batches.ask("run limit use", label, (labels) => readRunLimitUse(database.pool, tenantId, labels));

/** A flow run that counts against a limit. */
export const RunHolder = builder.objectRef<RunHolderRow>("RunHolder").implement({
  description: "A flow run that an agent holds, so that it counts against a limit.",
  fields: (t) => ({
    flowRunId: t.exposeID("flowRunId"),
    flowRunName: t.exposeString("flowRunName"),
    agent: t.exposeString("agent", { nullable: true, description: "Name of the agent that holds it." }),
  }),
});

const RunLimit = builder.objectRef<RunLimitRow>("RunLimit").implement({
  authScopes: { may: "limit:read" },
  description: "How many flow runs with a label agents may hold at once.",
  fields: (t) => ({
    label: t.exposeString("label"),
    slots: t.exposeInt("slots", { description: "0: none may run." }),
    changedAt: t.expose("changedAt", { type: "DateTime" }),
    held: t.int({
      description: "Runs with the label that are held at this moment, by their leases.",
      resolve: async (limit, _args, context) => (await useOf(limit, context))?.held ?? 0,
    }),
    waiting: t.int({
      description: "Runs with the label whose time has come and that nobody holds, counted up to 10,000.",
      resolve: async (limit, _args, context) => (await useOf(limit, context))?.waiting ?? 0,
    }),
    holders: t.field({
      type: [RunHolder],
      description: "Runs that are held, oldest first; the first hundred.",
      resolve: async ({ label }, _args, { batches, database, tenantId }) =>
        (await batches.ask("run limit holders", label, (labels) => readHolders(database.pool, tenantId, labels))) ?? [],
    }),
  }),
});

const BY_LABEL: Cursor<RunLimitRow, string> = {
  write: ({ label }) => label,
  read: (text) => (text.length <= LIMITS.nameLength ? text : null),
};

builder.queryField("runLimits", (t) =>
  t.connection(
    {
      type: RunLimit,
      authScopes: { may: "limit:read" },
      description: "By label.",
      resolve: (_root, args, { database, tenantId }) =>
        page(args, BY_LABEL, (asked) => readRunLimits(database.pool, tenantId, asked)),
    },
    ...connectionOf("RunLimit"),
  ),
);

const SetRunLimitInput = builder.inputType("SetRunLimitInput", {
  fields: (t) => ({ label: t.string({ required: true }), slots: t.int({ required: true }) }),
});

const SetRunLimitPayload = builder.objectRef<{ label: string }>("SetRunLimitPayload").implement({
  fields: (t) => ({
    runLimit: t.field({
      type: RunLimit,
      // Another request may have removed it in the meantime.
      nullable: true,
      resolve: ({ label }, _args, { database, tenantId }) => readRunLimit(database.pool, tenantId, label),
    }),
  }),
});

builder.mutationField("setRunLimit", (t) =>
  t.field({
    type: SetRunLimitPayload,
    errors: orRefusal("SetRunLimit"),
    authScopes: { may: "limit:write" },
    description: "Makes or changes the limit of a label. Runs that wait hear of it at once; those that are held go on.",
    args: { input: t.arg({ type: SetRunLimitInput, required: true }) },
    resolve: (_root, { input }, { database, tenantId }) =>
      setRunLimit(database.pool, { tenantId, label: checkedName("label", input.label), slots: input.slots }),
  }),
);

const DeleteRunLimitPayload = builder.objectRef<{ label: string }>("DeleteRunLimitPayload").implement({
  fields: (t) => ({ label: t.exposeString("label") }),
});

builder.mutationField("deleteRunLimit", (t) =>
  t.field({
    type: DeleteRunLimitPayload,
    errors: orRefusal("DeleteRunLimit"),
    authScopes: { may: "limit:write" },
    description: "Runs with this label are claimed as they come, those that wait for it at once.",
    args: { label: t.arg.string({ required: true }) },
    resolve: (_root, { label }, { database, tenantId }) =>
      deleteRunLimit(database.pool, { tenantId, label: checkedName("label", label) }),
  }),
);
