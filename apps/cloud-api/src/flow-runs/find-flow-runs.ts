import { STATE_NAMES, type StateName } from "@weir/protocol";
import type { Prisma, PrismaClient } from "../generated/prisma/client.ts";

/** What a list of flow runs is narrowed by; absent or null: by nothing. */
export interface FlowRunFilter {
  readonly state?: readonly StateName[] | null | undefined;
  /** Name of a flow, in whatever project. */
  readonly flow?: string | null | undefined;
  readonly project?: string | null | undefined;
}

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
  const state = given(filter.state) ? { stateNumber: { in: filter.state.map(stateNumber) } } : {};
  if (!given(filter.flow) && !given(filter.project)) return state;
  const flows = await prisma.flow.findMany({
    select: { id: true },
    where: {
      tenantId,
      ...(given(filter.flow) ? { name: filter.flow } : {}),
      ...(given(filter.project) ? { project: { tenantId, name: filter.project } } : {}),
    },
  });
  return { ...state, flowId: { in: flows.map((flow) => flow.id) } };
}
