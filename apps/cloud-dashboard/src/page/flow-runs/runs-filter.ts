import type { FlowRunFilter } from "../generated/operations.ts";
import { startOfDay } from "../ui/start-of-day.ts";
import type { Zone } from "../ui/time-zone.ts";
import type { RunsSearch, Span } from "./runs-search.ts";

const HOUR_MS = 3_600_000;
const SPAN_HOURS = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 } as const satisfies Record<
  Exclude<Span, "today">,
  number
>;

/** From where the page stands: what is relative in a search is told to the cloud as moments. */
interface Standpoint {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly zone: Zone;
}

/** What an address asks for, as the cloud is asked for it. */
export function filterOf(search: RunsSearch, standpoint: Standpoint): FlowRunFilter {
  const { state, label, name, parameters, late, flow, project, agent, schedule, parent } = search;
  return {
    ...given({ flow, project, agent, schedule, parent }),
    ...given({ state, labels: label, nameContains: name, hasParameters: parameters, isLate: late }),
    ...momentsOf(search, standpoint),
  };
}

function momentsOf({ time = "created", since, from, to }: RunsSearch, standpoint: Standpoint) {
  const after = since === undefined ? from : new Date(beginOf(since, standpoint)).toISOString();
  return given({ [`${time}After`]: after, [`${time}Before`]: to });
}

function beginOf(span: Span, { now, zone }: Standpoint): number {
  return span === "today" ? startOfDay(now, zone) : now - SPAN_HOURS[span] * HOUR_MS;
}

const given = (part: object): object =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
