// Fan-out: the thousand busiest routes of 20,000 flights, each a task run of its own, and one task that takes all their results.
//
//   weir run examples/tour/fan-out.flow.ts --local -p routes=1000
//   weir run examples/tour/fan-out.flow.ts -p routes=1000
//
// Seen: routes, delay ×1000, worst. A thousand children are one line in the cloud until you look at one. If some fail, only these run
// again after `weir runs restart ID`.
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";
import { readFlights } from "./data.ts";

interface Route {
  readonly name: string;
  readonly delays: readonly number[];
}

const busiest = task("routes", async (count: number): Promise<Route[]> => {
  const flights = Object.groupBy(await readFlights(), ({ origin, destination }) => `${origin}–${destination}`);
  return Object.entries(flights)
    .map(([name, departures = []]) => ({ name, delays: departures.map(({ delay }) => delay) }))
    .sort((a, b) => b.delays.length - a.delays.length || a.name.localeCompare(b.name))
    .slice(0, count);
});

const delay = task("delay", ({ name, delays }: Route) => {
  const sorted = delays.toSorted((a, b) => a - b);
  return { name, flights: delays.length, median: sorted[Math.floor(sorted.length / 2)] ?? 0 };
});

type Delay = ReturnType<typeof delay> extends Promise<infer T> ? T : never;

const worst = task("worst", (delays: readonly Delay[]) => {
  const [first] = delays.toSorted((a, b) => b.median - a.median);
  run.artifact.table("worst", delays.toSorted((a, b) => b.median - a.median).slice(0, 10));
  return { routes: delays.length, worst: first?.name };
});

export default flow(
  "fan-out",
  { parameters: z.object({ routes: z.number().int().min(1).max(2_000).default(1_000) }) },
  ({ routes }) => worst(delay.map(busiest(routes))),
);
