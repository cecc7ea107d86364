import { isId, STATE_NAMES, type StateName } from "@weir/protocol";
import { likeText } from "../database/like-text.ts";
import type { Prisma, PrismaClient } from "../generated/prisma/client.ts";

/** What a list of flow runs is narrowed by; absent or null: by nothing. */
export interface FlowRunFilter {
  readonly state?: readonly StateName[] | null | undefined;
  /** Name of a flow, in whatever project. */
  readonly flow?: string | null | undefined;
  readonly project?: string | null | undefined;
  /** All of these. */
  readonly labels?: readonly string[] | null | undefined;
  /** Part of its name, in whatever case. */
  readonly nameContains?: string | null | undefined;
  readonly createdAfter?: Date | null | undefined;
  readonly createdBefore?: Date | null | undefined;
  readonly startedAfter?: Date | null | undefined;
  readonly startedBefore?: Date | null | undefined;
  readonly endedAfter?: Date | null | undefined;
  readonly endedBefore?: Date | null | undefined;
  /** Whether it was started with any, sealed ones among them. */
  readonly hasParameters?: boolean | null | undefined;
  readonly isLate?: boolean | null | undefined;
  /** Name of the agent that holds it, or held it last. */
  readonly agent?: string | null | undefined;
  /** Id of the run that started it. */
  readonly parent?: string | null | undefined;
  /** Name of the schedule that made it. */
  readonly schedule?: string | null | undefined;
}

/** A run is late when it is to be claimed for longer than this: agents without work look at once, and a busy one within a few seconds. */
export const LATE_SECONDS = 20;

const given = <T>(value: T | null | undefined): value is T => value !== undefined && value !== null;

/** A state as `flow_runs.state_number` has it: the database makes it, and lists find runs by it. */
export function stateNumber(state: StateName): number {
  return STATE_NAMES.indexOf(state) + 1;
}

/**
 * A filter in Prisma's form. Names are looked up first: with flow ids the list walks an index (tenant, flow, id), while a condition on the
 * flow's name inside the list makes Postgres read every run of the tenant.
 */
export async function flowRunsWhere(
  prisma: PrismaClient,
  tenantId: string,
  filter: FlowRunFilter,
): Promise<Prisma.FlowRunWhereInput> {
  const own = ownColumns(tenantId, filter);
  const flowIds = await flowIdsOf(prisma, tenantId, filter);
  return flowIds === null ? own : { ...own, flowId: { in: flowIds } };
}

/** Ids of the flows whose runs a filter takes; null: of whatever flow. */
export async function flowIdsOf(
  prisma: PrismaClient,
  tenantId: string,
  { flow, project }: FlowRunFilter,
): Promise<string[] | null> {
  if (!given(flow) && !given(project)) return null;
  const flows = await prisma.flow.findMany({
    select: { id: true },
    where: {
      tenantId,
      ...(given(flow) ? { name: flow } : {}),
      ...(given(project) ? { project: { tenantId, name: project } } : {}),
    },
  });
  return flows.map(({ id }) => id);
}

function ownColumns(tenantId: string, filter: FlowRunFilter): Prisma.FlowRunWhereInput {
  const { state, labels, nameContains, agent, parent, schedule } = filter;
  return {
    ...(given(state) ? { stateNumber: { in: state.map(stateNumber) } } : {}),
    ...(given(labels) ? { labels: { hasEvery: [...labels] } } : {}),
    ...(given(nameContains) ? { name: { contains: likeText(nameContains), mode: "insensitive" as const } } : {}),
    ...between("createdAt", filter.createdAfter, filter.createdBefore),
    ...between("startedAt", filter.startedAfter, filter.startedBefore),
    ...between("endedAt", filter.endedAfter, filter.endedBefore),
    ...(given(filter.hasParameters) ? { parameters: filter.hasParameters ? { not: {} } : { equals: {} } } : {}),
    ...(given(filter.isLate) ? { [filter.isLate ? "AND" : "NOT"]: late() } : {}),
    ...(given(agent) ? { agent: { tenantId, name: agent } } : {}),
    // Text that is no id names no run, and Postgres would not take it.
    ...(given(parent) ? { parentRunId: isId(parent) ? parent : NOBODY } : {}),
    ...(given(schedule) ? { scheduleSlot: { tenantId, schedule: { tenantId, name: schedule } } } : {}),
  };
}

/** Its time is past, and no agent has it. */
const late = () => ({
  stateNumber: { in: [stateNumber("Scheduled"), stateNumber("Retrying")] },
  scheduledStartTime: { lt: new Date(Date.now() - LATE_SECONDS * 1_000) },
});

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** From the first moment on, up to the second, which is left out. */
function between(
  column: "createdAt" | "startedAt" | "endedAt",
  from: Date | null | undefined,
  to: Date | null | undefined,
) {
  if (!given(from) && !given(to)) return {};
  return { [column]: { ...(given(from) ? { gte: from } : {}), ...(given(to) ? { lt: to } : {}) } };
}
