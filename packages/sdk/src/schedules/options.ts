import type { CatchUpPolicy, ScheduleAdjustment, ScheduleDefinition, ScheduleFilter } from "@weir/protocol";
import type { Json } from "@weir/protocol/json";
import { scheduleProblem } from "@weir/protocol/schedule-problem";
import { type Duration, durationMs } from "../duration.ts";
import { checkedLabels } from "../names.ts";
import type { Schedule } from "./schedule.ts";

/** A moment: a `Date`, an instant like `"2026-01-31T08:00:00Z"`, or a wall-clock time in the schedule's zone like `"2026-01-31T09:00"`. */
export type MomentInput = Date | string;

/** What all schedules may be told. */
export interface ScheduleOptions<G extends object = object> {
  /** Unique in its flow. A later version's schedule of this name takes this one's place, and stays switched off if this one is. */
  readonly name?: string;
  /** IANA name of the time zone whose wall clock counts. Default: `"UTC"`. */
  readonly zone?: string;
  /** First moment that may be a slot; intervals and rules count from it. */
  readonly start?: MomentInput;
  /** Last moment that may be a slot. */
  readonly end?: MomentInput;
  /** Parameters of its runs, over the flow's defaults. */
  readonly parameters?: G;
  /** Labels of its runs, instead of the flow's. */
  readonly labels?: readonly string[];
  /** A slot counts when all of these hold, */
  readonly when?: readonly ScheduleFilter[];
  /** any of these, where there are some, */
  readonly whenAny?: readonly ScheduleFilter[];
  /** and none of these. */
  readonly except?: readonly ScheduleFilter[];
  /** Moves the slots that the filters let through, one adjustment after the other. */
  readonly adjust?: readonly ScheduleAdjustment[];
  /**
   * Slots that passed while the cloud was away: `"skip"` (default) leaves them out, `"latest"` makes up for the newest, `"all"` for all of
   * them. None older than `window`, one day unless it is given.
   */
  readonly catchUp?: CatchUpPolicy | { readonly policy: CatchUpPolicy; readonly window: Duration };
}

/** @throws TypeError with a sentence that says what makes no sense. */
export function makeSchedule<G extends object>(
  kind: Schedule["kind"],
  clock: ScheduleDefinition["clock"],
  options: ScheduleOptions<G>,
): Schedule<G> {
  const { name, parameters } = options;
  const definition = { ...definitionOf(clock, options), ...(name === undefined ? {} : { name }) };
  const problem = scheduleProblem({ name: kind, ...definition });
  if (problem === null) return Object.freeze({ kind, definition, parameters });
  throw new TypeError(`The schedule ${JSON.stringify(name ?? kind)} cannot be used: ${problem}.`);
}

function definitionOf<G extends object>(
  clock: ScheduleDefinition["clock"],
  options: ScheduleOptions<G>,
): Omit<ScheduleDefinition, "name"> {
  const { zone = "UTC", start, end, when, whenAny, except, adjust, parameters, labels, catchUp } = options;
  return {
    clock,
    zone,
    ...(start === undefined ? {} : { start: momentText(start) }),
    ...(end === undefined ? {} : { end: momentText(end) }),
    ...(when === undefined ? {} : { all: [...when] }),
    ...(whenAny === undefined ? {} : { any: [...whenAny] }),
    ...(except === undefined ? {} : { none: [...except] }),
    ...(adjust === undefined ? {} : { adjust: [...adjust] }),
    ...(parameters === undefined ? {} : { parameters: asJson(parameters) }),
    ...(labels === undefined ? {} : { labels: [...checkedLabels("label", labels)] }),
    ...(catchUp === undefined ? {} : { catchUp: catchUpOf(catchUp) }),
  };
}

/** What is registered is compared by its content: a `Date` of the same moment must be the same text. */
export function momentText(moment: MomentInput): string {
  if (!(moment instanceof Date)) return moment;
  return Number.isNaN(moment.getTime()) ? "Invalid Date" : moment.toISOString();
}

function catchUpOf(given: CatchUpPolicy | { policy: CatchUpPolicy; window: Duration }) {
  const { policy, window } = typeof given === "string" ? { policy: given, window: "1d" as const } : given;
  return { policy, windowSeconds: seconds(window, "The window of catchUp") };
}

/** @throws TypeError saying what a duration looks like. */
export function seconds(duration: Duration, what: string): number {
  return durationMs(duration, what) / 1000;
}

/** As the cloud will store them: what JSON leaves out or changes, such as a `Date`, is refused here and not noticed there. */
function asJson(parameters: object): Json {
  const text = JSON.stringify(parameters, function keep(this: Record<string, unknown>, key: string, value: unknown) {
    const given = key === "" ? value : this[key];
    const isPlain = typeof given !== "object" || given === null || Array.isArray(given) || isPlainObject(given);
    if (isPlain && !["undefined", "function", "symbol", "bigint"].includes(typeof given)) return value;
    throw new TypeError(
      `The parameter ${JSON.stringify(key)} of a schedule is ${typeof given === "object" ? "an object of a class" : `a ${typeof given}`}, which JSON cannot carry. Write it as text or number.`,
    );
  });
  return JSON.parse(text) as Json;
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
