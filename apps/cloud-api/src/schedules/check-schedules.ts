import { type FlowRegistration, Refusal, type ScheduleDefinition, schedulesProblem } from "@weir/protocol";
import { readyParameters } from "../flow-runs/ready-parameters.ts";
import { withinTime } from "../flow-runs/within-time.ts";
import { AHEAD_SLOTS } from "./plan-slots.ts";
import { slotsOf } from "./slots.ts";

/**
 * Longest time that slots may take to compute, those of all schedules of a registration together: definitions are the user's, the cloud's event
 * loop is everybody's. A schedule of use takes a thousandth of it.
 */
export const COMPUTE_MS = 1_000;

/** No calendar of a schedule begins earlier; a `start` may. */
const EARLIEST = Date.UTC(1899, 11, 31);

/**
 * Checks the schedules of a registration: what they say, that a slot of each comes at some time, and that their parameters are the flow's.
 * @throws Refusal INVALID or PARAMETERS_INVALID with a sentence.
 */
export function checkSchedules(registration: FlowRegistration, now: number, computeMs = COMPUTE_MS): void {
  const { schedules = [], parameterSchema, parameterDefaults } = registration;
  const problem = schedulesProblem(schedules);
  if (problem !== null) throw new Refusal("INVALID", problem);
  for (const schedule of schedules) {
    const flow = `${registration.name} (schedule ${schedule.name})`;
    readyParameters(flow, schedule.parameters, { parameterSchema, parameterDefaults });
  }
  if (schedules.length > 0) requireSlots(schedules, now, computeMs);
}

/** That each has one, and that the next ones are quickly found: the planner needs them again and again. */
function requireSlots(schedules: readonly ScheduleDefinition[], now: number, computeMs: number): void {
  let name = "";
  const compute = () => {
    for (const schedule of schedules) {
      ({ name } = schedule);
      const slots = slotsOf(schedule);
      if (slots.next(EARLIEST) === null) throw new Error(NO_SLOT);
      slots.after(now).take(AHEAD_SLOTS).toArray();
    }
  };
  try {
    withinTime(computeMs, compute);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const tooLong = code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    const why = tooLong ? `computing its slots takes longer than ${computeMs} ms; make it simpler` : message;
    throw new Refusal("INVALID", `The schedule ${JSON.stringify(name)} cannot be used: ${why}.`);
  }
}

const NO_SLOT = "no moment is a slot of it, or none for many years; look at its clock, its filters, its start and end";
