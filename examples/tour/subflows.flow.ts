// Subflows: a flow calls another flow, as often as it likes.
//
//   weir run examples/tour/subflows.flow.ts --flow four-years --local
//   weir run examples/tour/subflows.flow.ts --flow four-years
//
// Seen: `year` four times, each with task runs of its own below it, then `wettest`. The subflows run in the process and under the lease of
// the flow that calls them: cancelling stops all of them, a restart skips what had succeeded. `weir run … --flow year -p year=2014` runs one
// alone. For runs that other agents take, see elsewhere.flow.ts.
import { flow, task } from "@weir/sdk";
import { z } from "zod";
import { readDays } from "./data.ts";
import { byMonth, type Month, parseDay, summarizeMonth } from "./weather.ts";

const read = task("read", async (year: number) => {
  const days = (await readDays()).map(parseDay).filter((day) => day !== null);
  return byMonth(days.filter(({ date }) => date.startsWith(String(year))));
});

const summarize = task("summarize", summarizeMonth);

const wettest = task("wettest", (months: readonly Month[]) => {
  const [first] = months.toSorted((a, b) => b.rain - a.rain);
  return first?.month ?? "";
});

export const year = flow(
  "year",
  { parameters: z.object({ year: z.number().int().min(2012).max(2015).default(2012) }) },
  (parameters) => wettest(summarize.map(read(parameters.year))),
);

const compare = task("compare", (months: readonly string[]) => months.join(", "));

export const fourYears = flow("four-years", () => compare([2012, 2013, 2014, 2015].map((of) => year({ year: of }))));
