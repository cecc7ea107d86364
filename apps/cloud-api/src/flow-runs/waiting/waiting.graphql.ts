import { isTerminal } from "@weir/protocol";
import { builder } from "../../graphql/builder.ts";
import { PauseType } from "../../queue/pause.graphql.ts";
import { RunHolder } from "../../run-limits/run-limit.graphql.ts";
import { FlowRun } from "../flow-run.graphql.ts";
import { type Waiting, WAITING_REASONS, type WaitingReason } from "./decide-waiting.ts";
import { readWaiting } from "./read-waiting.ts";
import type { LabelUse, NearAgent, OpenApproval, TagUse } from "./waiting-facts.ts";

const Reason = builder.enumType("WaitingReason", {
  values: Object.fromEntries(
    Object.entries(WAITING_REASONS).map(([reason, description]) => [reason, { description }]),
  ) as Record<WaitingReason, { description: string }>,
});

const WaitingAgent = builder.objectRef<NearAgent>("WaitingAgent").implement({
  description: "An agent that could take a run, or comes near to it.",
  fields: (t) => ({
    name: t.exposeString("name"),
    online: t.exposeBoolean("online", { description: "Whether it was heard of within 90 seconds." }),
    silentSeconds: t.exposeFloat("silentSeconds", { description: "Since it was heard of last." }),
    missingLabels: t.exposeStringList("missingLabels", { description: "Labels of the run that it has not." }),
    servesProject: t.exposeBoolean("servesProject"),
    held: t.exposeInt("held", { description: "Runs that it holds." }),
    capacity: t.exposeInt("capacity", { description: "Runs that it holds at most." }),
    pausedBy: t.exposeString("pausedBy", { nullable: true }),
  }),
});

const WaitingLimit = builder.objectRef<LabelUse>("WaitingLimit").implement({
  description: "A limit of one of the run's labels that is full.",
  fields: (t) => ({
    label: t.exposeString("label"),
    slots: t.exposeInt("slots"),
    held: t.exposeInt("held"),
    holders: t.field({ type: [RunHolder], description: "The first five.", resolve: ({ holders }) => [...holders] }),
  }),
});

const WaitingTaskSlot = builder.objectRef<TagUse>("WaitingTaskSlot").implement({
  description: "A tag of which task runs of the run wait for slots.",
  fields: (t) => ({
    tag: t.exposeString("tag"),
    slots: t.exposeInt("slots", { nullable: true, description: "Null: the limit was removed just now." }),
    held: t.exposeInt("held", { description: "By whatever runs." }),
    waiting: t.exposeInt("waiting", { description: "Task runs of this run." }),
  }),
});

const WaitingApproval = builder.objectRef<OpenApproval>("WaitingApproval").implement({
  description: "A task run that waits for a person; `approveTaskRun` lets it go on.",
  fields: (t) => ({
    taskRunNumber: t.exposeInt("taskRunNumber"),
    task: t.exposeString("task"),
    message: t.exposeString("message", { nullable: true, description: "What it asks, in its own words." }),
  }),
});

/** For every field that says why runs wait. */
export const WaitingType = builder.objectRef<Waiting>("Waiting").implement({
  description: "Why a run waits, and the facts behind it. Lists that say nothing of the reason are empty.",
  fields: (t) => ({
    reason: t.expose("reason", { type: Reason }),
    sentence: t.exposeString("sentence", { description: "For people." }),
    command: t.exposeString("command", { nullable: true, description: "What a person can type about it." }),
    until: t.expose("until", { type: "DateTime", nullable: true, description: "When its time comes." }),
    pause: t.field({ type: PauseType, nullable: true, resolve: ({ pause }) => pause }),
    agents: t.field({
      type: [WaitingAgent],
      description: "The three that come nearest to taking it.",
      resolve: ({ agents }) => [...agents],
    }),
    limits: t.field({ type: [WaitingLimit], resolve: ({ limits }) => [...limits] }),
    taskSlots: t.field({ type: [WaitingTaskSlot], resolve: ({ taskSlots }) => [...taskSlots] }),
    approvals: t.field({ type: [WaitingApproval], resolve: ({ approvals }) => [...approvals] }),
  }),
});

builder.prismaObjectField(FlowRun, "waiting", (t) =>
  t.field({
    type: WaitingType,
    nullable: true,
    description: "Why it waits; null when it does not: it is over, or its tasks run.",
    select: { state: true },
    resolve: async ({ id, state }, _args, { batches, database, tenantId }) =>
      isTerminal(state)
        ? null
        : ((await batches.ask("waiting", id, (ids) => readWaiting(database.pool, tenantId, ids))) ?? null),
  }),
);
