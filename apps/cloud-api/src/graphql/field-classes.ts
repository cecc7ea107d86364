import { classedFields, columnClass, type DataClass, GRAPHQL_VARIABLES, HELD_TABLES } from "@weir/protocol";
import {
  getNamedType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isObjectType,
} from "./graphql-js.ts";

// Which class of data a field shows or takes, found where the protocol says it: fields that are answered by the column that they are read from,
// fields that are sent by the message that carries them. field-classes.test.ts finds those that this does not know.

/** The table whose row a type shows. A field is then the column of its name. */
export const TABLES_OF_TYPES: Readonly<Record<string, string>> = {
  Agent: "agents",
  ApiKey: "api_keys",
  Artifact: "artifacts",
  AuditEntry: "audit_entries",
  AuditHead: "audit_heads",
  Flow: "flows",
  FlowSettings: "flow_settings",
  FlowRun: "flow_runs",
  FlowRunState: "flow_run_states",
  FlowVersion: "flow_versions",
  KvEntry: "kv_entries",
  IdentityProvider: "identity_providers",
  Invitation: "invitations",
  Log: "logs",
  Member: "memberships",
  Pause: "queue_pauses",
  Project: "projects",
  RunLimit: "run_limits",
  Role: "roles",
  Schedule: "schedules",
  ServiceAccount: "service_accounts",
  SealKey: "flow_run_seal_keys",
  TaskLimit: "task_limits",
  TaskRun: "task_runs",
  TaskRunState: "task_run_states",
  Tenant: "tenants",
};

/** Fields that are read from elsewhere. */
export const COLUMNS_OF_FIELDS: Readonly<Record<string, string>> = {
  "DeleteFlowPayload.name": "flows.name",
  "DeleteKvPayload.key": "kv_entries.key",
  "DeleteProjectPayload.name": "projects.name",
  "EndedRun.name": "flow_runs.name",
  "Flow.description": "flow_versions.description",
  "FlowRun.failure": "flow_run_states.failure",
  "FlowRun.message": "flow_run_states.message",
  "Log.task": "tasks.name",
  "Pause.by": "queue_pauses.paused_by",
  "RunHolder.agent": "agents.name",
  "RunHolder.flowRunName": "flow_runs.name",
  "ParameterChange.after": "flow_versions.parameter_defaults",
  "ParameterChange.before": "flow_versions.parameter_defaults",
  "ParameterChange.name": "flow_versions.parameter_schema",
  "SetKvPayload.key": "kv_entries.key",
  "Member.email": "users.email",
  "Member.name": "users.name",
  "TaskRun.failure": "task_run_states.detail",
  "TaskRun.message": "task_run_states.detail",
  "TaskRun.name": "task_runs.run_name",
  "TaskRun.task": "tasks.name",
  "TaskRunState.failure": "task_run_states.detail",
  "TaskRunState.message": "task_run_states.detail",
  "TaskSlot.flowRunName": "flow_runs.name",
  "TaskSlot.task": "tasks.name",
  "WaitingAgent.missingLabels": "flow_runs.labels",
  "WaitingAgent.name": "agents.name",
  "WaitingAgent.pausedBy": "agents.paused_by",
  "WaitingApproval.message": "task_run_states.detail",
  "WaitingApproval.task": "tasks.name",
  "WaitingLimit.label": "run_limits.label",
  "WaitingRun.missingLabels": "flow_runs.labels",
  "WaitingTaskSlot.tag": "task_limits.tag",
  "VersionChange.after": "flow_versions.storage",
  "VersionChange.before": "flow_versions.storage",
  "VersionChange.name": "flow_versions.tasks",
};

/** Fields that show rows whole, or values of any column. */
const ALL_CLASSES: ReadonlySet<string> = new Set(["Holding.sample", "ColumnHolding.sample"]);

/** The column that a field shows, as `table.column`; null for one that is made of others. */
export function columnOfField(type: string, field: string): string | null {
  const own = COLUMNS_OF_FIELDS[`${type}.${field}`];
  if (own !== undefined) return own;
  const table = TABLES_OF_TYPES[type];
  const column = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return table !== undefined && HELD_TABLES[table]?.columns[column] !== undefined ? `${table}.${column}` : null;
}

/** Classes of what a client sends as a field of a mutation's input, by `Type.field`: those of its message's variables. */
export function inputClasses(schema: GraphQLSchema): Map<string, ReadonlySet<DataClass>> {
  const found = new Map<string, ReadonlySet<DataClass>>();
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const operation = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    if (!Object.hasOwn(GRAPHQL_VARIABLES, operation)) continue;
    const sent = classedFields(GRAPHQL_VARIABLES[operation as keyof typeof GRAPHQL_VARIABLES]);
    for (const argument of field.args) {
      const type = getNamedType(argument.type);
      if (!isInputObjectType(type)) continue;
      for (const inner of Object.keys(type.getFields())) {
        const below = sent.filter(({ path }) => isWithin(path, `${argument.name}.${inner}`));
        found.set(`${type.name}.${inner}`, new Set(below.map(({ dataClass }) => dataClass)));
      }
    }
  }
  return found;
}

const isWithin = (path: string, outer: string) =>
  path === outer || (/^[.[]/.test(path.slice(outer.length)) && path.startsWith(outer));

/** Puts the class of data into the description of every field that shows or takes user data. */
export function describeClasses(schema: GraphQLSchema): GraphQLSchema {
  const inputs = inputClasses(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__")) continue;
    if (isObjectType(type))
      for (const field of Object.values(type.getFields())) describe(field, shownClasses(type.name, field.name));
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) describe(field, inputs.get(`${type.name}.${field.name}`));
  }
  return schema;
}

function shownClasses(type: string, field: string): ReadonlySet<DataClass> | "all" {
  if (ALL_CLASSES.has(`${type}.${field}`)) return "all";
  const [table = "", column = ""] = columnOfField(type, field)?.split(".") ?? [];
  return new Set([columnClass(table, column)]);
}

function describe(
  field: GraphQLField<unknown, unknown> | GraphQLInputField,
  classes: ReadonlySet<DataClass> | "all" = new Set(),
): void {
  const told = classes === "all" ? "Class: all of them." : sentence([...classes].filter((one) => one !== "metadata"));
  if (told !== null) field.description = [field.description, told].filter(Boolean).join(" ");
}

function sentence(classes: readonly DataClass[]): string | null {
  if (classes.length === 0) return null;
  return `${classes.length === 1 ? "Class" : "Classes"}: ${[...classes].sort().join(", ")}.`;
}
