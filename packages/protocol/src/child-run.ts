import Type from "typebox";
import { exception, message, metadata, optional, parameter } from "./data-class.ts";
import { failureGroup } from "./failure-message.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { sealKeysGroup } from "./sealed.ts";

/**
 * `POST /v1/runs/:id/starts`: a flow run starts another one, which any agent may take: `startFlowRun`. The parent is recorded, and
 * cancelling it cancels the child. The same idempotency key gives the same run.
 */
export const StartRequest = message({
  attempt: metadata(fields.ordinal()),
  /** Absent: the project of the run that asks. */
  project: optional(metadata(fields.name())),
  flow: metadata(fields.name()),
  parameters: optional(parameter(fields.json())),
  name: optional(metadata(fields.name())),
  labels: optional(metadata(fields.labels())),
  idempotencyKey: metadata(fields.name()),
  scheduledStartTime: optional(metadata(fields.epochMs())),
  /** Of the parameters, by the agent. The gate adds it. */
  signature: optional(metadata(fields.text(LIMITS.signatureLength))),
});
export type StartRequest = Type.Static<typeof StartRequest>;
export const StartReply = message({ runId: metadata(fields.id()), created: metadata(Type.Boolean()) });
export type StartReply = Type.Static<typeof StartReply>;

/** `POST /v1/runs/:id/outcomes`: how another flow run of the tenant stands. Held until it is over, `waitSeconds` at most: `waitForFlowRun`. */
export const OutcomeRequest = message({
  attempt: metadata(fields.ordinal()),
  runId: metadata(fields.id()),
  waitSeconds: metadata(Type.Number({ minimum: 0, maximum: LIMITS.claimWaitSeconds })),
});
export type OutcomeRequest = Type.Static<typeof OutcomeRequest>;
export const OutcomeReply = message({
  runId: metadata(fields.id()),
  state: metadata(fields.state()),
  message: optional(exception(fields.text(LIMITS.messageBytes))),
  failure: optional(failureGroup()),
  sealKeys: sealKeysGroup(),
});
export type OutcomeReply = Type.Static<typeof OutcomeReply>;
