import { type FlowRegistration, Refusal, type ScheduleDefinition, schedulesProblem } from "@weir/protocol";
import { readyParameters } from "../flow-runs/ready-parameters.ts";
import { withinTime } from "../flow-runs/within-time.ts";
import { AHEAD_SLOTS } from "./plan-slots.ts";
import { slotsOf } from "./slots.ts";

/** Longest time that the slots of one schedule may take to compute: definitions are the user's, the cloud's event loop is everybody's. */
export const COMPUTE_MS = 500;

/** No calendar of a schedule begins earlier; a `start` may. */
const EARLIEST = Date.UTC(1899, 11, 31);

/**
 * Checks the schedules of a registration: what they say, that a slot of each comes at some time, and that their parameters are the flow's.
 * @throws Refusal INVALID or PARAMETERS_INVALID with a sentence.
 */
export function checkSchedules(registration: FlowRegistration, now: number): void {
  const { schedules = [] } = registration;
  const problem = schedulesProblem(schedules);
  if (problem !== null) throw new Refusal("INVALID", problem);
  for (const schedule of schedules) {
    const { parameterSchema, parameterDefaults } = registration;
    const flow = `${registration.name} (schedule ${schedule.name})`;
    readyParameters(flow, schedule.parameters, { parameterSchema, parameterDefaults });
    requireSlots(schedule, now);
  }
}

/** That there is one, and that the next ones are quickly found: the planner needs them again and again. */
function requireSlots(schedule: ScheduleDefinition, now: number): void {
  const refuse = (why: string) =>
    new Refusal("INVALID", `The schedule ${JSON.stringify(schedule.name)} cannot be used: ${why}.`);
  const compute = () => {
    const slots = slotsOf(schedule);
    return [slots.next(EARLIEST), ...slots.after(now).take(AHEAD_SLOTS)];
  };
  if (computed(compute, refuse)[0] === null)
    throw refuse(
      "no moment is a slot of it, or none for many years; look at its clock, its filters, its start and end",
    );
}

function computed<T>(compute: () => T, refuse: (why: string) => Refusal): T {
  try {
    return withinTime(COMPUTE_MS, compute);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      throw refuse(`computing its slots takes longer than ${COMPUTE_MS} ms; make it simpler`);
    throw refuse(`its slots cannot be computed: ${message}`);
  }
}
