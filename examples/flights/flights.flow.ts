import { flow, run, task, unmapped } from "@weir/sdk";
import { z } from "zod";
import { airportsFile, type Flight, flightsFile, loadAirports, loadFlights } from "./data.ts";
import { cleanAirports, cleanFlights } from "./clean.ts";
import { holdLockWhileBackingUp, LockedError, withLock } from "./lock.ts";
import { type Report, renderReport, writeReport } from "./report.ts";
import { busiestOrigins, delayStatistics, joinNames } from "./statistics.ts";

const load = task("load", () => loadFlights(flightsFile));

const clean = task("clean", (flights: readonly Flight[]) => {
  const { kept, leftOut } = cleanFlights(flights);
  for (const [reason, count] of Object.entries(leftOut))
    run.log.warn(`${count} of ${flights.length} flights left out: ${reason}`);
  return kept;
});

const loadNames = task("load-airports", async () => {
  const { kept, leftOut } = cleanAirports(await loadAirports(airportsFile));
  for (const [reason, count] of Object.entries(leftOut)) run.log.warn(`${count} airports left out: ${reason}`);
  return kept;
});

const busiest = task("busiest-origins", busiestOrigins);
const statistics = task("delay-statistics", delayStatistics);
const join = task("join-airport-names", joinNames);

const render = task("render-report", renderReport);

const startBackup = task("start-backup", { checkpoint: false }, () => holdLockWhileBackingUp());

// The backup holds the lock when the first try comes: a fault that passes by itself, so it is worth another try.
const publish = task(
  "publish-report",
  { retries: 5, retryDelay: "300ms", backoff: 2, jitter: 0.2, retryOn: LockedError },
  (report: Report) => withLock(() => writeReport(report, run.flowRunId)),
);

/** Which of the busiest airports delayed their passengers most, in the first quarter of 2001. */
export default flow(
  "flights",
  {
    description: "Delay statistics of the busiest airports, from 20,000 real flights.",
    parameters: z.object({
      top: z.number().int().min(1).max(200).default(50).describe("how many of the busiest airports"),
      minDelay: z.number().min(0).default(15).describe("minutes from which a flight counts as late"),
    }),
  },
  async ({ top, minDelay }) => {
    const flights = clean(load());
    const airports = loadNames();
    const origins = await busiest(flights, top);
    run.log.info(`${origins.length} airports to look at`);
    const perOrigin = statistics.map(origins, unmapped(minDelay));
    const report = render(join(perOrigin, airports), { top, minDelay });
    const written = await publish.with({ after: [startBackup()] })(report);
    run.artifact.link("report", { url: written.markdown, text: "Report (on the agent's machine)" });
    return written;
  },
);
