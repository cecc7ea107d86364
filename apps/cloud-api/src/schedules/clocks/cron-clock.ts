import { Cron } from "croner";
import { type Clock, wallClock } from "./clock.ts";

/** croner is asked for wall-clock times as if they were UTC; it knows nothing of the zone. */
export function cronClock(expression: string, bothDays: boolean, zone: string): Clock {
  const cron = new Cron(expression, { timezone: "UTC", mode: "5-part", domAndDow: bothDays, paused: true });
  return wallClock(zone, (after) => cron.nextRun(new Date(after))?.getTime() ?? null);
}
