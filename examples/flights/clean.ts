import type { Airport, Flight } from "./data.ts";

/** How many rows were left out, by reason. Nothing is dropped silently. */
export type LeftOut = Record<string, number>;

/** A flight that left more than half an hour before its time was not early but mistyped. */
const EARLIEST_MINUTES = -30;

function sort<T>(rows: readonly T[], fault: (row: T) => string | null): { kept: T[]; leftOut: LeftOut } {
  const kept: T[] = [];
  const leftOut: LeftOut = {};
  for (const row of rows) {
    const reason = fault(row);
    if (reason === null) kept.push(row);
    else leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  }
  return { kept, leftOut };
}

/** Parts flights into those that can be counted and those that cannot, with the reasons. */
export function cleanFlights(flights: readonly Flight[]) {
  const seen = new Set<string>();
  return sort(flights, (flight) => {
    const { date, delay, distance, origin, destination } = flight;
    if (typeof delay !== "number" || !Number.isFinite(delay)) return "no delay";
    if (delay < EARLIEST_MINUTES) return `left more than ${-EARLIEST_MINUTES} minutes early`;
    if (!(distance > 0)) return "no distance";
    const identity = `${date} ${origin} ${destination} ${delay}`;
    if (seen.has(identity)) return "listed twice";
    seen.add(identity);
    return null;
  });
}

/** Airports whose town is not known cannot be named in a report. */
export function cleanAirports(airports: readonly Airport[]) {
  return sort(airports, ({ city, state }) => (city === "NA" || state === "NA" ? "no city or state" : null));
}
