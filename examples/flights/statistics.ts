import type { Airport, Flight } from "./data.ts";

export interface Origin {
  readonly iata: string;
  readonly delays: readonly number[];
}

/** Delays in minutes; `late` is a share from 0 to 1. */
export interface DelayStatistics {
  readonly iata: string;
  readonly flights: number;
  readonly mean: number;
  readonly median: number;
  readonly p90: number;
  readonly late: number;
}

export interface NamedStatistics extends DelayStatistics {
  readonly airport: string;
}

/** The airports with most departures, each with its delays. Ties by code, so that the order is the same each time. */
export function busiestOrigins(flights: readonly Flight[], top: number): Origin[] {
  return Object.entries(Object.groupBy(flights, ({ origin }) => origin))
    .map(([iata, departures = []]) => ({ iata, delays: departures.map(({ delay }) => delay) }))
    .sort((a, b) => b.delays.length - a.delays.length || a.iata.localeCompare(b.iata))
    .slice(0, top);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function delayStatistics({ iata, delays }: Origin, minDelay: number): DelayStatistics {
  const sorted = delays.toSorted((a, b) => a - b);
  return {
    iata,
    flights: delays.length,
    mean: delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
    median: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    late: delays.filter((delay) => delay >= minDelay).length / delays.length,
  };
}

/** Adds the airports' names; one whose name is not known keeps its code. Worst share of late flights first. */
export function joinNames(rows: readonly DelayStatistics[], airports: readonly Airport[]): NamedStatistics[] {
  const names = new Map(airports.map(({ iata, name, city, state }) => [iata, `${name}, ${city} ${state}`]));
  return rows.map((row) => ({ ...row, airport: names.get(row.iata) ?? row.iata })).sort((a, b) => b.late - a.late);
}
