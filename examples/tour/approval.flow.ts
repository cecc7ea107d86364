// Approval: refunds for late flights are paid at once when they are small; a large sum waits for a person.
//
//   weir run examples/tour/approval.flow.ts --local                 Success: nothing to ask
//   weir run examples/tour/approval.flow.ts -p perFlight=100        Paused: nothing runs, no agent is held
//
//   weir runs show ID                                               says which task run waits, and how to approve it
//   weir runs approve ID 2 --message "looks right"                  Success, as attempt 2
//
// The run goes on where it stood: `find-late` is not executed again, and `pay` sees `run.approved`.
import { flow, pause, run, task } from "@weir/sdk";
import { z } from "zod";
import { readFlights } from "./data.ts";

/** Currency units that are paid without asking. */
const LIMIT = 5_000;

const findLate = task("find-late", async (minutes: number) => {
  const flights = await readFlights();
  return flights.filter(({ delay }) => delay >= minutes).length;
});

const pay = task("pay", (flights: number, perFlight: number) => {
  const sum = flights * perFlight;
  if (sum > LIMIT && !run.approved) throw pause(`${flights} refunds make ${sum}, more than ${LIMIT}. Is that right?`);
  run.log.info(`paid ${sum}${run.approved ? ", as approved" : ""}`);
  return sum;
});

export default flow(
  "refunds",
  { parameters: z.object({ minutes: z.number().min(0).default(180), perFlight: z.number().min(0).default(10) }) },
  ({ minutes, perFlight }) => pay(findLate(minutes), perFlight),
);
