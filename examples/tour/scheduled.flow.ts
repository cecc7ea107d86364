// A schedule: registered once, the flow runs by itself, each morning at six by Seattle's clock, summer and winter.
//
//   weir register examples/tour/scheduled.flow.ts       the runs of the next day are made ahead: `weir runs list`
//   weir run examples/tour/scheduled.flow.ts --local    once, now, by hand
//
// A run computes with `run.scheduledStartTime`, the moment it was meant for, and never with the time at which it happens to run: a run that
// is late, or tried again, or made up for, gives the same result. The last morning that passed while the cloud was away is made up for.
import { flow, run, task } from "@weir/sdk";
import { cron } from "@weir/sdk/schedules";
import { readDays } from "./data.ts";
import { parseDay } from "./weather.ts";

/** The same day of the year in 2015: the data ends there. */
const dayToReport = task("day", () => `2015-${run.scheduledStartTime.toISOString().slice(5, 10)}`);

const report = task("report", async (date: string) => {
  const found = (await readDays()).map(parseDay).find((day) => day?.date === date);
  const text = found ? `${date}: ${found.low} to ${found.high} °C, ${found.rain} mm` : `${date}: nothing is known`;
  run.artifact.markdown("weather", text);
  return text;
});

export default flow(
  "morning-weather",
  { schedules: [cron("0 6 * * *", { zone: "America/Los_Angeles", catchUp: { policy: "latest", window: "1d" } })] },
  () => report(dayToReport()),
);
