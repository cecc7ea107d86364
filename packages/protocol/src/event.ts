import Type from "typebox";
import {
  artifact,
  digest,
  exception,
  group,
  location,
  log,
  message,
  metadata,
  optional,
  runName,
} from "./data-class.ts";
import { failureGroup } from "./failure-message.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";

// Events carry no number of their own: a report says the number of its first, the others follow by one.
// `at` is the user's clock; the order is the number's, never the time's.

/** A transition of the flow run. */
export const FlowEvent = message({
  kind: metadata(Type.Literal("flow")),
  at: metadata(fields.epochMs()),
  state: metadata(fields.state()),
  message: optional(exception(fields.text(LIMITS.messageBytes))),
  failure: optional(failureGroup()),
  /** With Scheduled or Retrying: not before this moment. */
  startTime: optional(metadata(fields.epochMs())),
});
export type FlowEvent = Type.Static<typeof FlowEvent>;

/** A task run comes to be (Pending), or begins again in a later attempt. */
export const TaskRunEvent = message({
  kind: metadata(Type.Literal("task-run")),
  at: metadata(fields.epochMs()),
  /** Number of the task run within its flow run, the same in every attempt. */
  number: metadata(fields.ordinal()),
  task: metadata(fields.name()),
  ordinal: metadata(fields.count()),
  key: optional(metadata(fields.name())),
  runName: optional(runName(fields.text(LIMITS.runNameOnLine))),
  /** Index within a mapped task run, whose own number is `parent`. */
  mapIndex: optional(metadata(fields.count())),
  /** The mapped run that it is a child of, or the run of the subflow that called it. */
  parent: optional(metadata(fields.ordinal())),
  /** Numbers of the task runs that it depends on. Absent for children of a map: theirs are the parent's. */
  upstream: optional(metadata(Type.Array(fields.ordinal(), { maxItems: 10_000 }))),
  tags: optional(metadata(fields.labels())),
});
export type TaskRunEvent = Type.Static<typeof TaskRunEvent>;

/** A digest and what it is of. */
export const NamedDigest = message({ name: metadata(fields.name()), value: digest(fields.text(LIMITS.nameLength)) });
export type NamedDigest = Type.Static<typeof NamedDigest>;

/** A transition of a task run. */
export const TaskEvent = message({
  kind: metadata(Type.Literal("task")),
  at: metadata(fields.epochMs()),
  number: metadata(fields.ordinal()),
  state: metadata(fields.state()),
  /** With the first Running, or the end that came instead: the name that was rendered from the inputs. */
  runName: optional(runName(fields.text(LIMITS.runNameOnLine))),
  /** Which try this is, from 1. Absent: as before. */
  tryNumber: optional(metadata(fields.ordinal())),
  message: optional(exception(fields.text(LIMITS.messageBytes))),
  failure: optional(failureGroup()),
  startTime: optional(metadata(fields.epochMs())),
  location: optional(location(fields.text(LIMITS.locationOnLine))),
  /** Size of the written result. */
  resultBytes: optional(metadata(fields.count())),
  /** With Mapped: how many children. */
  mapCount: optional(metadata(fields.count())),
  /** With Looped, and with Retrying after a turn: how many turns are over. `location` says where the last turn's value lies. */
  loopCount: optional(metadata(fields.ordinal())),
  /** With Cached: what later runs may find the result by, … */
  cacheKey: optional(digest(fields.text(LIMITS.cacheKeyLength))),
  /** … until when (absent: for ever), … */
  expiresAt: optional(metadata(fields.epochMs())),
  /** … and what it was made of: a digest for each input (`0`, `1`, …) and each parameter (`parameter:day`). */
  digests: optional(group(Type.Array(NamedDigest, { maxItems: LIMITS.digests }))),
});
export type TaskEvent = Type.Static<typeof TaskEvent>;

/**
 * The result of a task run that had succeeded before was written now: another one that takes it is tried again, queued or cached.
 * No transition: the task run stays what it is.
 */
export const ResultEvent = message({
  kind: metadata(Type.Literal("result")),
  at: metadata(fields.epochMs()),
  number: metadata(fields.ordinal()),
  location: location(fields.text(LIMITS.locationOnLine)),
  resultBytes: metadata(fields.count()),
});
export type ResultEvent = Type.Static<typeof ResultEvent>;

/** As pino numbers them. */
export const LOG_LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;
export type LogLevel = keyof typeof LOG_LEVELS;

/** One log line. */
export const LogEvent = message({
  kind: metadata(Type.Literal("log")),
  at: metadata(fields.epochMs()),
  level: metadata(Type.Unsafe<LogLevel>(Type.Enum(Object.keys(LOG_LEVELS)))),
  text: log(fields.text(LIMITS.logLineBytes)),
  /** Task run that wrote it; absent: the flow itself. */
  number: optional(metadata(fields.ordinal())),
  /** `flow` when absent; `stdout`, `stderr`, `weir` (agent and runner), or the user's own. */
  logger: optional(metadata(fields.name())),
});
export type LogEvent = Type.Static<typeof LogEvent>;

export const ARTIFACT_KINDS = ["link", "markdown", "table"] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/** Something that the flow made for people to look at. The same name again replaces it. */
export const ArtifactEvent = message({
  kind: metadata(Type.Literal("artifact")),
  at: metadata(fields.epochMs()),
  name: metadata(fields.name()),
  artifact: metadata(Type.Unsafe<ArtifactKind>(Type.Enum([...ARTIFACT_KINDS]))),
  data: artifact(fields.json()),
  number: optional(metadata(fields.ordinal())),
});
export type ArtifactEvent = Type.Static<typeof ArtifactEvent>;

export const RunEvent = Type.Union([FlowEvent, TaskRunEvent, TaskEvent, ResultEvent, LogEvent, ArtifactEvent]);
export type RunEvent = FlowEvent | TaskRunEvent | TaskEvent | ResultEvent | LogEvent | ArtifactEvent;
export const EVENT_MESSAGES = {
  flow: FlowEvent,
  "task-run": TaskRunEvent,
  task: TaskEvent,
  result: ResultEvent,
  log: LogEvent,
  artifact: ArtifactEvent,
} as const;
export const runEventGroup = () => group(RunEvent);
