import type { ScheduleDefinition } from "@weir/protocol";
import { LIMITS } from "@weir/protocol/limits";
import { checkedName } from "../names.ts";
import type { Schedule } from "./schedule.ts";

// Each flow comes by here when it is loaded for a run, so nothing is imported that checks: the constructors have.

/**
 * Gives each schedule of a flow its name: its own, or that of its kind, numbered from the second on. The name is what tells a changed
 * schedule from a new one when the flow is registered again.
 * @throws TypeError when two have one name, or something is no schedule.
 */
export function namedSchedules(flow: string, schedules: readonly Schedule[]): readonly ScheduleDefinition[] {
  const counts = new Map<string, number>();
  const named = schedules.map((schedule): ScheduleDefinition => {
    const { definition, kind } = (schedule ?? {}) as Partial<Schedule>;
    if (definition === undefined || kind === undefined)
      throw new TypeError(
        `The flow ${JSON.stringify(flow)} has a schedule that is none. Make it with every, cron, dates or rrule of @weir/sdk/schedules.`,
      );
    const count = (counts.get(kind) ?? 0) + 1;
    if (definition.name === undefined) counts.set(kind, count);
    const name = definition.name ?? (count === 1 ? kind : `${kind} ${count}`);
    return { ...definition, name: checkedName("schedule", name) };
  });
  if (named.length > LIMITS.schedules)
    throw new TypeError(
      `The flow ${JSON.stringify(flow)} has ${named.length} schedules; the most is ${LIMITS.schedules}.`,
    );
  const twice = named.find(({ name }, i) => named.findIndex((other) => other.name === name) !== i);
  if (twice === undefined) return named;
  throw new TypeError(
    `The flow ${JSON.stringify(flow)} has two schedules of the name ${JSON.stringify(twice.name)}; give each a name of its own.`,
  );
}
