import type { ScheduleDefinition } from "@weir/protocol";
import { withinTime } from "../flow-runs/within-time.ts";
import { builder } from "../graphql/builder.ts";
import { COST_OF_LARGE } from "../graphql/field-cost.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { COMPUTE_MS } from "./check-schedules.ts";
import { setScheduleActive } from "./set-schedule-active.ts";
import { slotsOf } from "./slots.ts";

/** Slots that `upcoming` tells at most. */
const MOST_UPCOMING = 100;

const definitionOf = (schedule: { definition: unknown }) => schedule.definition as ScheduleDefinition;

/**
 * The next slots as the definition has them, whether runs of them were made or not. None when they cannot be computed, as of a zone that a later
 * release of the zone data dropped: the planner tells of it in the log, and a list of flows must not fail for one of them.
 */
function upcoming(schedule: { definition: unknown; active: boolean }, count: number): Date[] {
  if (!schedule.active) return [];
  const compute = () => [...slotsOf(definitionOf(schedule)).after(Date.now()).take(count)];
  try {
    return withinTime(COMPUTE_MS, compute).map((slot) => new Date(slot));
  } catch {
    return [];
  }
}

const Schedule = builder.prismaObject("Schedule", {
  authScopes: { may: "flow:read" },
  description: "When runs of a flow begin by themselves. It belongs to the flow and survives its versions.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name", { description: "Unique in its flow." }),
    active: t.exposeBoolean("active"),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    flow: t.relation("flow"),
    definition: t.field({
      authScopes: { may: "parameter:read" },
      type: "JSON",
      nullable: true,
      complexity: COST_OF_LARGE,
      description: "ScheduleDefinition of the protocol, as it was registered.",
      select: { definition: true },
      resolve: definitionOf,
    }),
    zone: t.field({
      type: "String",
      description: "The time zone whose wall clock counts.",
      select: { definition: true },
      resolve: (schedule) => definitionOf(schedule).zone,
    }),
    next: t.field({
      type: "DateTime",
      nullable: true,
      description: "The next slot; null when it is switched off, or over.",
      select: { definition: true, active: true },
      complexity: 5,
      resolve: (schedule) => upcoming(schedule, 1)[0] ?? null,
    }),
    upcoming: t.field({
      type: ["DateTime"],
      description: `The next slots, at most ${MOST_UPCOMING}; none when it is switched off, or over.`,
      args: { first: t.arg.int({ defaultValue: 10 }) },
      select: { definition: true, active: true },
      complexity: 20,
      resolve: (schedule, { first }) => upcoming(schedule, Math.min(Math.max(first ?? 10, 0), MOST_UPCOMING)),
    }),
  }),
});

builder.prismaObjectField("Flow", "schedules", (t) =>
  t.relation("schedules", {
    description: "Those of the newest version, by name.",
    query: { where: { removedAt: null }, orderBy: { name: "asc" } },
  }),
);

builder.prismaObjectField("FlowRun", "schedule", (t) =>
  t.field({
    type: Schedule,
    nullable: true,
    description: "The schedule that made it; null when a person or program did.",
    select: (_args, _context, nested) => ({ scheduleSlot: { select: { schedule: nested() } } }),
    resolve: ({ scheduleSlot }) => scheduleSlot?.schedule ?? null,
  }),
);

const SetScheduleActivePayload = builder.objectRef<{ id: string }>("SetScheduleActivePayload").implement({
  fields: (t) => ({
    schedule: t.prismaField({
      type: Schedule,
      description: "As it stands after the call.",
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.schedule.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("setScheduleActive", (t) =>
  t.field({
    authScopes: { may: "flow:write" },
    type: SetScheduleActivePayload,
    errors: orRefusal("SetScheduleActive"),
    description:
      "Switches a schedule off or on. Off takes back its runs to come that nobody has touched; on goes on from now. Later versions of the flow keep it.",
    args: { id: t.arg.id({ required: true }), active: t.arg.boolean({ required: true }) },
    resolve: async (_root, { id, active }, { database, tenantId }) => {
      await setScheduleActive(database.pool, { tenantId, id, active, now: new Date() });
      return { id };
    },
  }),
);
