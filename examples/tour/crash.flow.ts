// Restart after a crash: the flow's process is killed in the middle. What had succeeded is not executed again.
//
//   weir run examples/tour/crash.flow.ts --local               Success
//   weir run examples/tour/crash.flow.ts -p crash=true         Crashed: the process ended by SIGKILL
//   weir runs restart ID && weir runs watch ID                 Success, as attempt 2
//   weir runs show ID                                          read and the first months are of attempt 1
//
// The restart begins the flow's function again from its top. `read` and the months that were done give back what they had written to your
// storage; the month that killed the process, those that had not begun, and `total` run. Another machine may do it, if it sees that storage.
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";
import { readDays } from "./data.ts";
import { byMonth, type Day, parseDay, summarizeMonth } from "./weather.ts";

const YEAR = "2015";
/** The fourth month is the one that does not survive its first attempt. */
const BAD_MONTH = 3;

const read = task("read", async () => {
  const days = (await readDays()).map(parseDay).filter((day) => day !== null);
  return byMonth(days.filter(({ date }) => date.startsWith(YEAR)));
});

// One after the other, so that it is clear which months are done when the process dies.
const summarize = task("summarize", { maxConcurrency: 1 }, async (days: readonly Day[], crash: boolean) => {
  const { month, rain } = summarizeMonth(days);
  if (crash && run.attempt === 1 && run.mapIndex === BAD_MONTH) {
    // What was done just before a process dies may not have been told yet, and is then done again: here it has the time.
    await new Promise((resolve) => setTimeout(resolve, 500));
    // As running out of memory would: no handler, no last word.
    process.kill(process.pid, "SIGKILL");
  }
  run.log.info(`${month}: ${rain} mm`);
  return rain;
});

const total = task("total", (rain: readonly number[]) => Math.round(rain.reduce((sum, mm) => sum + mm, 0)));

export default flow("crash", { parameters: z.object({ crash: z.boolean().default(false) }) }, async ({ crash }) => {
  const months = await read();
  return total(
    summarize.map(
      months,
      months.map(() => crash),
    ),
  );
});
