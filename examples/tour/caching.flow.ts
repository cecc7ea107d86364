// Caching: what was computed within the last hour from the same inputs is not computed again, by this flow or by another one.
//
//   weir run examples/tour/caching.flow.ts -p year=2013       rain: Success → Cached for later runs
//   weir run examples/tour/caching.flow.ts -p year=2013       rain: Cached at once, not executed
//   weir run examples/tour/caching.flow.ts -p year=2014       other inputs: executed
//
// Without a cloud results are found again within one process. The cloud holds a keyed digest of the inputs, and where the result lies;
// the value itself stays in your storage. A new version of the flow finds what the old one has cached.
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";
import { readDays } from "./data.ts";
import { parseDay } from "./weather.ts";

const rainOf = task(
  "rain",
  { cacheFor: "1h", cacheKey: "seattle-rain", cacheValidator: "allInputs" },
  async (year: number) => {
    run.log.info(`computing ${year}`);
    const days = (await readDays()).map(parseDay).filter((day) => day !== null);
    const ofYear = days.filter(({ date }) => date.startsWith(`${year}-`));
    return Math.round(ofYear.reduce((sum, { rain }) => sum + rain, 0));
  },
);

export default flow(
  "rain-of-year",
  { parameters: z.object({ year: z.number().int().min(2012).max(2015).default(2013) }) },
  ({ year }) => rainOf(year),
);
