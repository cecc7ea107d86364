import { toldName } from "../api-keys/told-name.ts";
import { builder } from "../graphql/builder.ts";
import { checkedMessage } from "../graphql/checked-message.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { PauseType } from "./pause.graphql.ts";
import { pauseQueue, readQueuePause, resumeQueue } from "./pause-queue.ts";
import { readQueueLength } from "./read-queue-length.ts";

/** Has no facts of its own: its fields look for the tenant's. */
const QUEUE = {};

const Queue = builder.objectRef<typeof QUEUE>("Queue").implement({
  description: "The runs of the tenant that wait to be claimed.",
  fields: (t) => ({
    pause: t.field({
      type: PauseType,
      nullable: true,
      description: "Who paused it, so that nobody claims a run; null: nobody.",
      resolve: (_queue, _args, { database, tenantId }) => readQueuePause(database.pool, tenantId),
    }),
    due: t.int({
      description: "Runs whose time has come, counted up to 10,000.",
      resolve: (_queue, _args, { database, tenantId }) => readQueueLength(database.pool, tenantId),
    }),
  }),
});

builder.queryField("queue", (t) =>
  t.field({
    type: Queue,
    authScopes: { may: "limit:read" },
    description: "The runs of the tenant that wait to be claimed, and whether a person paused that.",
    resolve: () => QUEUE,
  }),
);

const payload = (name: string) =>
  builder.objectRef<typeof QUEUE>(name).implement({
    fields: (t) => ({
      queue: t.field({ type: Queue, description: "As it stands after the call.", resolve: () => QUEUE }),
    }),
  });

const PauseQueueInput = builder.inputType("PauseQueueInput", {
  fields: (t) => ({ reason: t.string({ description: "For whoever asks why nothing runs." }) }),
});

builder.mutationField("pauseQueue", (t) =>
  t.field({
    type: payload("PauseQueuePayload"),
    errors: orRefusal("PauseQueue"),
    authScopes: { may: "limit:write" },
    description: "From now on no agent claims a run of the tenant; what is held goes on.",
    args: { input: t.arg({ type: PauseQueueInput, required: true }) },
    resolve: async (_root, { input: { reason } }, { database, tenantId, principal }) => {
      const told = reason === undefined || reason === null ? {} : { reason: checkedMessage("reason", reason) };
      await pauseQueue(database.pool, { tenantId, by: await toldName(database.pool, principal), ...told });
      return QUEUE;
    },
  }),
);

builder.mutationField("resumeQueue", (t) =>
  t.field({
    type: payload("ResumeQueuePayload"),
    errors: orRefusal("ResumeQueue"),
    authScopes: { may: "limit:write" },
    description: "Runs may be claimed again, at once. A queue that is not paused stays as it is.",
    resolve: async (_root, _args, { database, tenantId }) => {
      await resumeQueue(database.pool, tenantId);
      return QUEUE;
    },
  }),
);
