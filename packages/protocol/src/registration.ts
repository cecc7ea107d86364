import Type from "typebox";
import { BoundaryRequest } from "./boundary.ts";
import { config, group, message, metadata, optional, parameter } from "./data-class.ts";
import { fields } from "./fields.ts";
import { flowStorageGroup } from "./flow-storage.ts";
import { LIMITS } from "./limits.ts";
import { schedulesGroup } from "./schedule.ts";

/** What `registerFlow` tells the cloud about a flow. Code never; only where it lies and its digest. */
export const FlowRegistration = message({
  name: metadata(fields.name()),
  description: optional(metadata(fields.text(LIMITS.messageBytes))),
  labels: metadata(fields.labels()),
  /** Tasks that the flow's file defines; others may appear at run time. */
  tasks: group(
    Type.Array(
      message({
        name: metadata(fields.name()),
        tags: metadata(fields.labels()),
        retries: metadata(fields.count()),
        mapped: optional(metadata(Type.Boolean())),
      }),
      { maxItems: 5_000 },
    ),
  ),
  /** JSON Schema of the parameters. Names and types are needed for the run form; defaults stand apart, in a class of their own. */
  parameterSchema: optional(metadata(fields.json())),
  /** JSON object of default values. */
  parameterDefaults: optional(parameter(fields.json())),
  runConfig: optional(config(fields.json())),
  /** Each with a name of its own. Absent: none, and those of the version before end. */
  schedules: schedulesGroup(),
  storage: flowStorageGroup(),
  sdkVersion: metadata(fields.name()),
  /** What the flow asks of the gate beyond the policy file. */
  boundary: optional(group(BoundaryRequest)),
  /** Of all that an agent would act on, by a key that stays with the user. The gate adds it. */
  signature: optional(metadata(fields.text(LIMITS.signatureLength))),
});
export type FlowRegistration = Type.Static<typeof FlowRegistration>;

/** What `createFlowRun` tells the cloud. */
export const FlowRunCreation = message({
  project: metadata(fields.name()),
  flow: metadata(fields.name()),
  parameters: optional(parameter(fields.json())),
  name: optional(metadata(fields.name())),
  labels: optional(metadata(fields.labels())),
  idempotencyKey: optional(metadata(fields.name())),
  scheduledStartTime: optional(metadata(Type.String())),
  /** What is asked of the gate for this run, beyond policy file and flow. */
  boundary: optional(group(BoundaryRequest)),
  /** Of the parameters, by whoever starts the run. The gate adds it. */
  signature: optional(metadata(fields.text(LIMITS.signatureLength))),
});
export type FlowRunCreation = Type.Static<typeof FlowRunCreation>;
