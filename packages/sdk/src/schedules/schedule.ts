import type { ScheduleDefinition } from "@weir/protocol";

/**
 * When runs of a flow begin by themselves. Made by `every`, `cron`, `dates` and `rrule`, handed to the flow's option `schedules`.
 * @typeParam G the parameters that it gives; never when it gives none, which fits every flow
 */
export interface Schedule<G extends object = object> {
  /** As it is registered, but for a name that the flow finds when none was given. */
  readonly definition: Omit<ScheduleDefinition, "name"> & { readonly name?: string };
  /** What it is called when it is given no name. */
  readonly kind: "every" | "cron" | "dates" | "rrule";
  readonly parameters: G | undefined;
}
