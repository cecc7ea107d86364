import Type from "typebox";
import { group, message, metadata, optional, parameter } from "./data-class.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";

// Flat objects and no unions: what is wrong with one can then be told in a sentence (schedule-problem.ts) instead of once per branch.

export const CATCH_UP_POLICIES = ["skip", "latest", "all"] as const;
export type CatchUpPolicy = (typeof CATCH_UP_POLICIES)[number];

/** What a filter asks of a slot's wall-clock time in the schedule's zone. */
export const SCHEDULE_FILTER_KINDS = [
  "weekday",
  "weekend",
  "monthStart",
  "monthEnd",
  "daysOfWeek",
  "dates",
  "datesBetween",
  "times",
  "timesBetween",
  "between",
] as const;
export type ScheduleFilterKind = (typeof SCHEDULE_FILTER_KINDS)[number];

const moments = (maxItems: number) => Type.Array(fields.text(40), { minItems: 1, maxItems });

/** When slots come. Exactly one of the four. */
export const ScheduleClock = message({
  /** Whole days keep the wall-clock time in the schedule's zone, other lengths keep the elapsed time. */
  everySeconds: optional(metadata(Type.Integer())),
  /** Minute, hour, day of month, month, day of week; or `@daily` and the like. */
  cron: optional(metadata(fields.text(400))),
  /** With `cron`: when both days are restricted, both must fit. Absent: either. */
  bothDays: optional(metadata(Type.Boolean())),
  dates: optional(metadata(moments(1_000))),
  /** An RRULE of RFC 5545 without its DTSTART, which is the schedule's start. */
  rrule: optional(metadata(fields.text(1_000))),
});
export type ScheduleClock = Type.Static<typeof ScheduleClock>;

export const ScheduleFilter = message({
  kind: metadata(Type.Unsafe<ScheduleFilterKind>(Type.Enum([...SCHEDULE_FILTER_KINDS]))),
  /** `daysOfWeek`: 1 is Monday, 7 is Sunday. */
  days: optional(metadata(Type.Array(Type.Integer(), { maxItems: 7 }))),
  /** `dates`: YYYY-MM-DD. */
  dates: optional(metadata(moments(1_000))),
  /** `times`: HH:MM or HH:MM:SS. */
  times: optional(metadata(moments(1_440))),
  /** `datesBetween` MM-DD, `timesBetween` HH:MM, `between` a moment; both ends belong to it, and the first two may pass the year's or day's end. */
  from: optional(metadata(fields.text(40))),
  to: optional(metadata(fields.text(40))),
});
export type ScheduleFilter = Type.Static<typeof ScheduleFilter>;

const filters = () => optional(group(Type.Array(ScheduleFilter, { maxItems: 20 })));

/** Moves a slot that passed the filters. Exactly one of the two. */
export const ScheduleAdjustment = message({
  /** Later by so much; whole days keep the wall-clock time. */
  addSeconds: optional(metadata(Type.Integer())),
  /** From Saturday and Sunday to the same time on Monday. */
  nextWeekday: optional(metadata(Type.Literal(true))),
});
export type ScheduleAdjustment = Type.Static<typeof ScheduleAdjustment>;

/** One schedule of a flow, as data: the cloud computes its slots. A moment is a wall-clock time in `zone`, or an instant with Z or an offset. */
export const ScheduleDefinition = message({
  /** Unique in its flow: a later version's schedule of this name takes this one's place. */
  name: metadata(fields.name()),
  clock: group(ScheduleClock),
  /** IANA name. */
  zone: metadata(fields.name()),
  /** First moment that may be a slot, and the anchor of intervals and rules. */
  start: optional(metadata(fields.text(40))),
  /** Last moment that may be a slot. */
  end: optional(metadata(fields.text(40))),
  /** A slot counts when all of these hold, */
  all: filters(),
  /** any of these, where there are some, */
  any: filters(),
  /** and none of these. */
  none: filters(),
  adjust: optional(group(Type.Array(ScheduleAdjustment, { maxItems: 5 }))),
  /** JSON object, over the flow's defaults. */
  parameters: optional(parameter(fields.json())),
  /** Instead of the flow's. */
  labels: optional(metadata(fields.labels())),
  /** Slots for which the cloud could make no run in time. Absent: skip. */
  catchUp: optional(
    group(
      message({
        policy: metadata(Type.Unsafe<CatchUpPolicy>(Type.Enum([...CATCH_UP_POLICIES]))),
        /** Older slots are skipped whatever the policy. */
        windowSeconds: metadata(Type.Integer()),
      }),
    ),
  ),
});
export type ScheduleDefinition = Type.Static<typeof ScheduleDefinition>;

/** The optional field of a registration. */
export const schedulesGroup = () => optional(group(Type.Array(ScheduleDefinition, { maxItems: LIMITS.schedules })));
