import Type from "typebox";
import { Order } from "./claim.ts";
import { group, message, metadata, optional } from "./data-class.ts";
import { type RunEvent, runEventGroup } from "./event.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { type SealKey, sealKeysGroup } from "./sealed.ts";

/**
 * `POST /v1/runs/:id/reports`: one batch of events, numbered `first`, `first + 1`, … within the attempt. Renews the lease.
 * An empty batch is a heartbeat. What the cloud has already is skipped; a gap is refused with EVENT_GAP and the number it expects.
 */
const Report_ = message({
  attempt: metadata(fields.ordinal()),
  first: metadata(fields.ordinal()),
  events: group(Type.Array(runEventGroup(), { maxItems: LIMITS.eventsPerReport })),
  /** Keys of what is sealed in these events. The gate adds them. */
  sealKeys: sealKeysGroup(),
});
export interface Report {
  readonly attempt: number;
  readonly first: number;
  readonly events: readonly RunEvent[];
  readonly sealKeys?: readonly SealKey[];
}
export const Report = Type.Unsafe<Report>(Report_);

export const ReportReply = message({
  /** Highest number that the cloud has stored for this attempt. */
  accepted: metadata(fields.count()),
  /** Seconds from the moment the report was sent until the lease ends. Absent when the run is over. */
  leaseSeconds: optional(metadata(fields.seconds())),
  /** A fresh run token, when the one that was used is past 80 % of its life. */
  runToken: optional(metadata(fields.token())),
  orders: group(Type.Array(Order)),
  /** Numbers of events that were stored as refused, not applied: an illegal transition, or a row that could not be read. */
  refused: group(Type.Array(message({ number: metadata(fields.ordinal()), reason: metadata(Type.String()) }))),
});
export type ReportReply = Type.Static<typeof ReportReply>;

/**
 * Why a lease is given back; the history tells it. `silence`: nothing was heard of the cloud for two thirds of the lease, so the run was
 * stopped. `restart`: the agent died, and its successor found the run in its journal.
 */
export const RELEASE_REASONS = ["drain", "shutdown", "silence", "restart", "paused", "retry-later"] as const;
export type ReleaseReason = (typeof RELEASE_REASONS)[number];

/** `POST /v1/runs/:id/release`: gives the lease back, so that the next attempt starts at once, or at `startTime`. */
export const ReleaseRequest = message({
  attempt: metadata(fields.ordinal()),
  reason: metadata(Type.Unsafe<ReleaseReason>(Type.Enum([...RELEASE_REASONS]))),
  /** Milliseconds from now until the run is due again. */
  dueInMs: optional(metadata(fields.count())),
});
export type ReleaseRequest = Type.Static<typeof ReleaseRequest>;
export const ReleaseReply = message({ state: metadata(fields.state()) });
export type ReleaseReply = Type.Static<typeof ReleaseReply>;
