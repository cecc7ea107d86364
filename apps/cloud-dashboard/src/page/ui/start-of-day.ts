import type { Zone } from "./time-zone.ts";

const DAY_MS = 86_400_000;

/** When the day began in a zone, in milliseconds since 1970. Days on which the clock is put on or back are no exception. */
export function startOfDay(now: number, zone: Zone): number {
  const clock = new Intl.DateTimeFormat("en-GB", {
    ...(zone === "local" ? {} : { timeZone: zone }),
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const sinceMidnight = (at: number) => {
    const [hours = 0, minutes = 0, seconds = 0] = clock.format(at).split(":").map(Number);
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + (at % 1_000);
  };
  const near = now - sinceMidnight(now);
  const off = sinceMidnight(near);
  // An hour past midnight: the clock went back. An hour before it, which is yesterday: it went on.
  return off > DAY_MS / 2 ? near + (DAY_MS - off) : near - off;
}
