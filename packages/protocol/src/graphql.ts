import Type from "typebox";
import { exception, group, message, metadata, optional } from "./data-class.ts";
import { fields } from "./fields.ts";
import { FLOW_VARIABLES } from "./graphql-flows.ts";
import { PEOPLE_VARIABLES } from "./graphql-people.ts";
import { LIMITS } from "./limits.ts";
import { FlowRegistration, FlowRunCreation } from "./registration.ts";

const byId = message({ id: metadata(fields.id()) });
/** A person's own words. */
const reason = optional(exception(fields.text(LIMITS.messageBytes)));
const page = { first: optional(metadata(fields.count())), after: optional(metadata(Type.String())) };

const time = optional(metadata(Type.String()));
/** What lists of runs are narrowed by. Moments are ISO 8601. */
const runFilter = message({
  state: optional(metadata(Type.Array(fields.state()))),
  flow: optional(metadata(fields.name())),
  project: optional(metadata(fields.name())),
  labels: optional(metadata(fields.labels())),
  nameContains: optional(metadata(fields.name())),
  createdAfter: time,
  createdBefore: time,
  startedAfter: time,
  startedBefore: time,
  agent: optional(metadata(fields.name())),
  parent: optional(metadata(fields.id())),
  schedule: optional(metadata(fields.name())),
});
const chosenRuns = message({
  input: group(message({ filter: group(runFilter), expectedCount: metadata(fields.count()) })),
});

/**
 * Variables of every GraphQL operation that Weir's own programs on the user's side send, by operation name. The gate knows their
 * data classes from here and refuses an operation that is not listed. The document's text holds no values.
 */
export const GRAPHQL_VARIABLES = {
  Viewer: message({}),
  AuditHead: message({}),
  AuditLog: message({
    filter: optional(
      group(
        message({
          actorId: optional(metadata(Type.String())),
          action: optional(metadata(fields.name())),
          from: optional(metadata(Type.String())),
        }),
      ),
    ),
    ...page,
  }),
  AuditLogFromStart: message({ last: metadata(fields.count()), before: optional(metadata(Type.String())) }),
  CreateProject: message({ input: group(message({ name: metadata(fields.name()) })) }),
  RegisterFlow: message({
    input: group(message({ project: metadata(fields.name()), registration: group(FlowRegistration) })),
  }),
  CreateFlowRun: message({ input: group(FlowRunCreation) }),
  CancelFlowRun: byId,
  RestartFlowRun: byId,
  PauseFlowRun: byId,
  ResumeFlowRun: byId,
  ApproveTaskRun: message({
    input: group(
      message({
        flowRunId: metadata(fields.id()),
        number: metadata(fields.ordinal()),
        message: optional(exception(fields.text(LIMITS.messageBytes))),
      }),
    ),
  }),
  FlowRun: byId,
  FlowRunHoldings: byId,
  FlowRunTaskRuns: message({ id: metadata(fields.id()), ...page }),
  FlowRunLogs: message({ id: metadata(fields.id()), ...page }),
  FlowRunUpdates: message({ id: metadata(fields.id()), after: optional(metadata(Type.String())) }),
  FlowRuns: message({
    filter: optional(group(runFilter)),
    ...page,
  }),
  Flows: message(page),
  /** A flow by name, to check parameters on the user's side before a run is created. */
  Flow: message({ project: metadata(fields.name()), name: metadata(fields.name()) }),
  Agents: message(page),
  CreateApiKey: message({
    input: group(
      message({
        name: metadata(fields.name()),
        scope: metadata(Type.Enum(["user", "agent"])),
        expiresInDays: optional(metadata(fields.count())),
        role: optional(metadata(fields.name())),
        permissions: optional(metadata(Type.Array(fields.name()))),
        allowedAddresses: optional(metadata(Type.Array(fields.name()))),
        serviceAccountId: optional(metadata(fields.id())),
      }),
    ),
  }),
  RotateApiKey: message({ id: metadata(fields.id()), overlapMinutes: optional(metadata(fields.count())) }),
  ServiceAccounts: message(page),
  CreateServiceAccount: message({ input: group(message({ name: metadata(fields.name()) })) }),
  DeleteServiceAccount: byId,
  Roles: message({}),
  CreateRole: message({
    input: group(message({ name: metadata(fields.name()), permissions: metadata(Type.Array(fields.name())) })),
  }),
  ChangeRole: message({
    input: group(message({ id: metadata(fields.id()), permissions: metadata(Type.Array(fields.name())) })),
  }),
  DeleteRole: byId,
  ApiKeys: message(page),
  RevokeApiKey: byId,
  TaskLimits: message(page),
  SetTaskLimit: message({
    input: group(message({ tag: metadata(fields.name()), slots: metadata(fields.count()) })),
  }),
  DeleteTaskLimit: message({ tag: metadata(fields.name()) }),
  ...FLOW_VARIABLES,
  ...PEOPLE_VARIABLES,
  FlowRunCount: message({ filter: group(runFilter) }),
  CancelFlowRuns: chosenRuns,
  RestartFlowRuns: chosenRuns,
  RunLimits: message(page),
  SetRunLimit: message({
    input: group(message({ label: metadata(fields.name()), slots: metadata(fields.count()) })),
  }),
  DeleteRunLimit: message({ label: metadata(fields.name()) }),
  Queue: message({}),
  PauseQueue: message({ input: group(message({ reason })) }),
  ResumeQueue: message({}),
  PauseAgent: message({ input: group(message({ name: metadata(fields.name()), reason })) }),
  ResumeAgent: message({ name: metadata(fields.name()) }),
  SetFlowRunState: message({
    input: group(
      message({
        id: metadata(fields.id()),
        state: metadata(fields.state()),
        reason: exception(fields.text(LIMITS.messageBytes)),
      }),
    ),
  }),
} as const;

export type GraphqlOperation = keyof typeof GRAPHQL_VARIABLES;

/** Body of `POST /graphql`. */
export interface GraphqlRequest<O extends GraphqlOperation = GraphqlOperation> {
  readonly operationName: O;
  readonly query: string;
  readonly variables: Type.Static<(typeof GRAPHQL_VARIABLES)[O]>;
}
