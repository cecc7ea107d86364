import { LIMITS } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { connectionOf, type Cursor, page } from "../graphql/page.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { readLimitUse, readTaskLimit, readTaskLimits, readTaskSlots } from "./read-task-limits.ts";
import type { TaskLimitRow, TaskSlotRow } from "./read-task-limits.ts";
import { deleteTaskLimit, setTaskLimit } from "./set-task-limit.ts";

const TaskSlot = builder.objectRef<TaskSlotRow>("TaskSlot").implement({
  description: "A task run that holds a slot of a tag, or waits for one.",
  fields: (t) => ({
    flowRunId: t.exposeID("flowRunId"),
    flowRunName: t.exposeString("flowRunName"),
    taskRunNumber: t.exposeInt("taskRunNumber"),
    task: t.exposeString("task", { nullable: true, description: "Name of the task; null until it was reported." }),
    askedAt: t.expose("askedAt", { type: "DateTime" }),
    grantedAt: t.expose("grantedAt", { type: "DateTime", nullable: true, description: "Null: it waits." }),
  }),
});

const TaskLimit = builder.objectRef<TaskLimitRow>("TaskLimit").implement({
  authScopes: { may: "limit:read" },
  description: "How many task runs with a tag may run at once.",
  fields: (t) => ({
    tag: t.exposeString("tag"),
    slots: t.exposeInt("slots", { description: "0: none may run." }),
    changedAt: t.expose("changedAt", { type: "DateTime" }),
    held: t.int({
      description: "Slots that are held at this moment.",
      resolve: async ({ tag }, _args, { batches, database, tenantId }) =>
        (await batches.ask("limit use", tag, (tags) => readLimitUse(database.pool, tenantId, tags)))?.held ?? 0,
    }),
    waiting: t.int({
      description: "Task runs that wait for one.",
      resolve: async ({ tag }, _args, { batches, database, tenantId }) =>
        (await batches.ask("limit use", tag, (tags) => readLimitUse(database.pool, tenantId, tags)))?.waiting ?? 0,
    }),
    taskSlots: t.field({
      type: [TaskSlot],
      description: "Who holds them, and after these who waits, in their order; the first hundred.",
      resolve: async ({ tag }, _args, { batches, database, tenantId }) =>
        (await batches.ask("task slots", tag, (tags) => readTaskSlots(database.pool, tenantId, tags))) ?? [],
    }),
  }),
});

const BY_TAG: Cursor<TaskLimitRow, string> = {
  write: ({ tag }) => tag,
  read: (text) => (text.length <= LIMITS.nameLength ? text : null),
};

builder.queryField("taskLimits", (t) =>
  t.connection(
    {
      authScopes: { may: "limit:read" },
      type: TaskLimit,
      description: "By tag.",
      resolve: (_root, args, { database, tenantId }) =>
        page(args, BY_TAG, (asked) => readTaskLimits(database.pool, tenantId, asked)),
    },
    ...connectionOf("TaskLimit"),
  ),
);

const SetTaskLimitInput = builder.inputType("SetTaskLimitInput", {
  fields: (t) => ({ tag: t.string({ required: true }), slots: t.int({ required: true }) }),
});

const SetTaskLimitPayload = builder.objectRef<{ tag: string }>("SetTaskLimitPayload").implement({
  fields: (t) => ({
    taskLimit: t.field({
      type: TaskLimit,
      // Another request may have removed it in the meantime.
      nullable: true,
      resolve: ({ tag }, _args, { database, tenantId }) => readTaskLimit(database.pool, tenantId, tag),
    }),
  }),
});

builder.mutationField("setTaskLimit", (t) =>
  t.field({
    authScopes: { may: "limit:write" },
    type: SetTaskLimitPayload,
    errors: orRefusal("SetTaskLimit"),
    description: "Makes or changes the limit of a tag. Task runs that wait hear of it at once; those that run go on.",
    args: { input: t.arg({ type: SetTaskLimitInput, required: true }) },
    resolve: (_root, { input }, { database, tenantId }) =>
      setTaskLimit(database.pool, { tenantId, tag: checkedName("tag", input.tag), slots: input.slots }),
  }),
);

const DeleteTaskLimitPayload = builder.objectRef<{ tag: string }>("DeleteTaskLimitPayload").implement({
  fields: (t) => ({ tag: t.exposeString("tag") }),
});

builder.mutationField("deleteTaskLimit", (t) =>
  t.field({
    authScopes: { may: "limit:write" },
    type: DeleteTaskLimitPayload,
    errors: orRefusal("DeleteTaskLimit"),
    description: "Task runs with this tag run as they come, those that wait for it at once.",
    args: { tag: t.arg.string({ required: true }) },
    resolve: (_root, { tag }, { database, tenantId }) =>
      deleteTaskLimit(database.pool, { tenantId, tag: checkedName("tag", tag) }),
  }),
);
