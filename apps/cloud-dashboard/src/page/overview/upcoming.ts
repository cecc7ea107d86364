import type { OverviewUpcomingQuery } from "../generated/operations.ts";

/** Something that begins by itself. */
export interface Upcoming {
  readonly at: string;
  readonly flow: { readonly id: string; readonly name: string };
  /** The run, where it is made already. */
  readonly run: { readonly id: string; readonly name: string } | null;
  /** Name of the schedule, where that will make it. */
  readonly schedule: string | null;
}

/**
 * What begins next, the soonest first: runs that are scheduled, and the next slot of each schedule whose run is not made yet.
 * @param now milliseconds since 1970
 */
export function upcomingOf({ flows, flowRuns }: OverviewUpcomingQuery, now: number): Upcoming[] {
  const runs = flowRuns.nodes.filter((run) => Date.parse(run.scheduledStartTime) > now);
  const made = new Set(runs.map((run) => slotOf(run.schedule?.id, run.scheduledStartTime)));
  const slots = flows.nodes.flatMap((flow) =>
    flow.schedules.flatMap(({ id, name, next }) =>
      next === null || made.has(slotOf(id, next)) ? [] : [{ at: next, flow, run: null, schedule: name }],
    ),
  );
  const scheduled = runs.map((run) => ({ at: run.scheduledStartTime, flow: run.flow, run, schedule: null }));
  return [...scheduled, ...slots].toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

const slotOf = (schedule: string | undefined, at: string) => `${schedule ?? ""} ${Date.parse(at)}`;
