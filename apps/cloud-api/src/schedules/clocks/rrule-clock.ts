import { readUntil, rruleParts } from "@weir/protocol";
import { RRuleTemporal } from "rrule-temporal";
import { instantOf, wallOf } from "../wall-clock.ts";
import { type Clock, wallClock } from "./clock.ts";

/**
 * A recurrence rule from its DTSTART on. The library is asked for wall-clock times as if they were UTC. UNTIL is held here: it may name an
 * instant, which is none of the library's wall-clock times.
 * @throws Error of the library, when it cannot read the rule
 */
export function rruleClock(rule: string, start: number, zone: string): Clock {
  const parts = rruleParts(rule);
  const until = readUntil(parts.find(([name]) => name === "UNTIL")?.[1] ?? "");
  const last = until === null ? Infinity : "instant" in until ? until.instant : instantOf(until.wall, zone);
  const text = parts.flatMap(([name, value]) => (name === "UNTIL" ? [] : [`${name}=${value}`])).join(";");
  const dtstart = new Date(wallOf(start, zone)).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const recurrence = new RRuleTemporal({ rruleString: `DTSTART:${dtstart}\nRRULE:${text}` });
  const clock = wallClock(zone, (after) => nextOf(recurrence, after));
  return {
    next(after) {
      const next = clock.next(after);
      return next !== null && next <= last ? next : null;
    },
  };
}

/** The library gives up after 10,000 periods or at the end of the calendar, and throws: 30 February is not there, and that is an answer. */
function nextOf(recurrence: RRuleTemporal, after: number): number | null {
  try {
    return recurrence.next(new Date(after))?.epochMilliseconds ?? null;
  } catch {
    return null;
  }
}
