import Type from "typebox";
import { BoundaryRequest } from "./boundary.ts";
import { group, location, message, metadata, optional, parameter, runName } from "./data-class.ts";
import { fields } from "./fields.ts";
import { flowStorageGroup } from "./flow-storage.ts";
import { LIMITS } from "./limits.ts";
import { sealKeysGroup } from "./sealed.ts";

/**
 * `POST /v1/claims`: "I have room for n". Held by the cloud until work or an order appears, `waitSeconds` at most.
 * An agent without room asks with room 0 and hears of orders only.
 */
export const ClaimRequest = message({
  room: metadata(Type.Integer({ minimum: 0, maximum: LIMITS.runsPerClaim })),
  waitSeconds: metadata(Type.Number({ minimum: 0, maximum: LIMITS.claimWaitSeconds })),
  /** Labels of the agent now. A run goes only to an agent that has all of the run's labels. */
  labels: metadata(fields.labels()),
  /** Names of the projects that it serves; absent: all of the tenant. */
  projects: optional(metadata(fields.labels())),
  /** Runs that the agent holds, so that orders for them come back with this reply. */
  holding: metadata(Type.Array(fields.id(), { maxItems: 10_000 })),
});
export type ClaimRequest = Type.Static<typeof ClaimRequest>;

/** What is known of a task run when its flow run was begun before. */
export const KnownTaskRun = message({
  number: metadata(fields.ordinal()),
  task: metadata(fields.name()),
  /** Call order of this task in the flow: the first call is 0. With `key` it is how a later attempt recognises the task run. */
  ordinal: metadata(fields.count()),
  key: optional(metadata(fields.name())),
  mapIndex: optional(metadata(fields.count())),
  /** The mapped run or subflow run that it belongs to. */
  parent: optional(metadata(fields.ordinal())),
  state: metadata(fields.state()),
  tryNumber: metadata(fields.count()),
  startTime: optional(metadata(fields.epochMs())),
  location: optional(location(fields.text(LIMITS.locationOnLine))),
  mapCount: optional(metadata(fields.count())),
  /** Turns of a looping task that are over; `location` has the value of the last one. */
  loopCount: optional(metadata(fields.ordinal())),
  /** A person approved it; it may go on although its state is still Paused. */
  approved: optional(metadata(Type.Boolean())),
});
export type KnownTaskRun = Type.Static<typeof KnownTaskRun>;

/** A flow run that this agent now holds. */
export const ClaimedRun = message({
  runId: metadata(fields.id()),
  runName: runName(fields.text(LIMITS.runNameOnLine)),
  /** The fencing token: 1 for the first holding of the lease. Every later message names it. */
  attempt: metadata(fields.ordinal()),
  /** Seconds from now until the lease ends, unless a report renews it. */
  leaseSeconds: metadata(fields.seconds()),
  reportSeconds: metadata(fields.seconds()),
  runToken: metadata(fields.token()),
  project: metadata(fields.name()),
  flow: metadata(fields.name()),
  flowVersion: metadata(fields.ordinal()),
  storage: flowStorageGroup(),
  parameters: parameter(fields.json()),
  labels: metadata(fields.labels()),
  scheduledStartTime: metadata(fields.epochMs()),
  createdAt: metadata(fields.epochMs()),
  known: group(Type.Array(KnownTaskRun)),
  /** The strictest of what the flow version and whoever started the run asked of the gate. */
  boundary: optional(group(BoundaryRequest)),
  /** Keys of the run's earlier attempts: what they sealed is sealed again in this one's claim. */
  sealKeys: sealKeysGroup(),
  /** Signature of the flow version, and of the parameters by whoever started the run. */
  signature: optional(metadata(fields.text(LIMITS.signatureLength))),
  parametersSignature: optional(metadata(fields.text(LIMITS.signatureLength))),
  /** Name of the schedule that made the run. */
  schedule: optional(metadata(fields.name())),
});
export type ClaimedRun = Type.Static<typeof ClaimedRun>;

/**
 * `cancel`: stop. `pause`: begin no further task, finish what runs, give the lease back. `resume`: a pause is taken back. `slots`: these
 * queued task runs hold their concurrency slots from now on. `approve`: a person approved these paused task runs.
 */
export const ORDER_KINDS = ["cancel", "pause", "resume", "slots", "approve"] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

/** What the cloud asks of whoever holds a run. Closed set: a cloud that is taken over can order nothing else. */
export const Order = message({
  kind: metadata(Type.Unsafe<OrderKind>(Type.Enum([...ORDER_KINDS]))),
  /** Task runs that it is about: with `slots` and `approve`. */
  numbers: optional(metadata(Type.Array(fields.ordinal(), { maxItems: 10_000 }))),
});
export type Order = Type.Static<typeof Order>;

export const ClaimReply = message({
  /**
   * Seconds from the moment the claim came in until these runs were claimed: their leases began no earlier than so long after the claim
   * was sent. Without it, whoever counts from the sending would take a lease for up to half a minute older than it is. Absent: 0.
   */
  waitedSeconds: optional(metadata(fields.seconds())),
  runs: group(Type.Array(ClaimedRun)),
  orders: group(Type.Array(message({ runId: metadata(fields.id()), order: group(Order) }))),
});
export type ClaimReply = Type.Static<typeof ClaimReply>;
