import Type, { type TSchema } from "typebox";
import { group, message, metadata, optional, parameter } from "./data-class.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";

const id = metadata(fields.id());
const name = metadata(fields.name());
const page = { first: optional(metadata(fields.count())), after: optional(metadata(Type.String())) };
/** Absent leaves a setting, null gives it back to the version. */
const setting = <S extends TSchema>(schema: S) => optional(metadata(Type.Union([schema, Type.Null()])));

/** Variables of the operations about flows, their settings, and the key-value store; they are part of GRAPHQL_VARIABLES. */
export const FLOW_VARIABLES = {
  FlowDetails: message({ project: name, name }),
  FlowVersions: message({ project: name, name, ...page }),
  FlowVersionDiff: message({ project: name, name, number: metadata(fields.ordinal()), with: id }),
  ArchiveFlowVersion: message({ id }),
  UnarchiveFlowVersion: message({ id }),
  DeleteFlow: message({ id }),
  MoveFlow: message({ input: group(message({ id, project: name })) }),
  RenameProject: message({ input: group(message({ project: name, name })) }),
  DeleteProject: message({ name }),
  SetFlowSettings: message({
    input: group(
      message({
        project: name,
        flow: name,
        description: setting(fields.text(LIMITS.messageBytes)),
        parameterDefaults: optional(parameter(fields.json())),
        labels: setting(fields.labels()),
        maxRecoveries: setting(fields.count()),
        recoveryBackoffSeconds: setting(fields.seconds()),
      }),
    ),
  }),
  /** The only way for a policy that sends no parameters: it carries none. */
  ResetFlowDefaults: message({ project: name, flow: name }),
  RenameFlowRun: message({ input: group(message({ id, name })) }),
  SetFlowRunLabels: message({ input: group(message({ id, labels: metadata(fields.labels()) })) }),
  Artifacts: message({
    project: optional(name),
    flow: optional(name),
    name: optional(name),
    kind: optional(metadata(Type.String())),
    ...page,
  }),
  Kv: message({ key: name }),
  KvEntries: message({ prefix: optional(name), ...page }),
  SetKv: message({
    input: group(
      message({ key: name, value: parameter(fields.json()), expectedVersion: optional(metadata(fields.count())) }),
    ),
  }),
  DeleteKv: message({ input: group(message({ key: name, expectedVersion: optional(metadata(fields.count())) })) }),
} as const;
