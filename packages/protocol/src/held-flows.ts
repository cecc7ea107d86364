import { type HeldTable, holds, metadata, parameter, REGISTERED } from "./held-column.ts";

const config = holds("config");
const tenant_id = metadata("whose row it is");
const created_at = metadata("when the cloud made the row");

/** What was registered, and what people say beside it. */
export const HELD_FLOWS = {
  flows: {
    about: "named workflows",
    columns: {
      id: metadata("its id"),
      tenant_id,
      project_id: metadata("the project it is in"),
      name: metadata("its name"),
      created_at,
    },
  },
  flow_versions: {
    about: "what was registered of a flow: where its code lies and its digest, never the code",
    columns: {
      id: metadata("its id"),
      tenant_id,
      flow_id: metadata("the flow"),
      number: metadata("1, 2, 3 …"),
      content_digest: metadata("SHA-256 of what of this row can be compared; of what is sealed, only that it is"),
      description: metadata("what the flow says of itself"),
      labels: metadata("what an agent must have to claim its runs"),
      tasks: metadata("names, tags and retries of its tasks"),
      parameter_schema: metadata("names and types of its parameters, as JSON Schema"),
      parameter_defaults: parameter("default values of its parameters", `${REGISTERED}.parameterDefaults`),
      run_config: config("how its runs are to be started", `${REGISTERED}.runConfig`),
      storage: config("where its code lies, and the digests of its files", `${REGISTERED}.storage.*`),
      sdk_version: metadata("of the SDK that it was written with"),
      created_at,
      archived_at: metadata("when a newer one took its place, or a person archived it"),
      boundary: metadata("what it asks of the gate: an action for each class"),
      signature: metadata("of all that an agent would act on, by a key that stays with the user"),
      schedules: parameter(
        "clocks, filters, time zones and labels of its schedules; and the parameters of their runs",
        `${REGISTERED}.schedules[].parameters`,
      ),
    },
  },
  flow_settings: {
    about: "what people say about a flow beside its code; it survives versions",
    columns: {
      tenant_id,
      flow_id: metadata("the flow"),
      description: metadata("what it is for; null: as the version says"),
      parameter_defaults: parameter(
        "default values that go before those of the version",
        "graphql SetFlowSettings input.parameterDefaults",
      ),
      labels: metadata("what an agent must have to claim its runs; null: as the version says"),
      max_recoveries: metadata("how often a run of it is taken over from a silent agent; null: as the cloud says"),
      recovery_backoff_seconds: metadata("wait before the first takeover; null: as the cloud says"),
      changed_at: metadata("when it was changed last"),
    },
  },
  kv_entries: {
    about: "small values that people, programs and flows keep",
    columns: {
      tenant_id,
      key: metadata("its name"),
      value: parameter("the value", "graphql SetKv input.value", "kvSet value"),
      version: metadata("counts the writes of this key"),
      updated_at: metadata("when it was written last"),
      updated_by: metadata("the key, the person or the flow run that wrote it"),
    },
  },
  tasks: {
    about: "names of tasks, so that task runs store a number",
    columns: { id: metadata("its number"), tenant_id, flow_id: metadata("the flow"), name: metadata("its name") },
  },
  schedules: {
    about: "when runs of a flow begin by themselves",
    columns: {
      id: metadata("its id"),
      tenant_id,
      flow_id: metadata("the flow"),
      name: metadata("its name"),
      definition: parameter(
        "clock, filters, time zone and labels; and the parameters of its runs",
        `${REGISTERED}.schedules[].parameters`,
      ),
      definition_digest: metadata(
        "SHA-256 of what of the definition can be compared; of what is sealed, only that it is",
      ),
      active: metadata("whether it is switched on"),
      created_at,
      removed_at: metadata("when the flow had it no more"),
      planned_until: metadata("up to where its slots are decided on"),
      plan_after: metadata("when it is looked at again"),
    },
  },
  schedule_slots: {
    about: "the run that a schedule made for a slot",
    columns: {
      tenant_id,
      schedule_id: metadata("the schedule"),
      slot: metadata("the moment"),
      flow_run_id: metadata("the flow run"),
    },
  },
} satisfies Record<string, HeldTable>;
