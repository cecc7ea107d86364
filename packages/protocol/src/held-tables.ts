import type { DataClass } from "./data-class.ts";
import { type HeldColumn, type HeldTable, holds, metadata, parameter, REGISTERED } from "./held-column.ts";
import { HELD_GUARDS } from "./held-guards.ts";
import { HELD_FLOWS } from "./held-flows.ts";
import { HELD_PEOPLE } from "./held-people.ts";

export type { HeldColumn, HeldTable } from "./held-column.ts";

// Everything that the cloud keeps: each table of its database, each column with its data class. From here come the comments in the database
// itself (`\d+` shows them), what `weir dev` shows of a run, and docs/what-leaves.md. A test of the control plane compares it with the catalog: a column
// that is not here cannot be added. One of protocol compares `from` with what may cross: a field that is not here cannot be sent.

const exception = holds("exception");
const location = holds("location");
const digest = holds("digest");

const tenant_id = metadata("whose row it is");
const flow_run_id = metadata("the flow run");
const at = metadata("when, by the clock of the machine where it happened");
const created_at = metadata("when the cloud made the row");
const attempt = metadata("which holding of the run's lease it belongs to: 1, 2, 3 …");
const number = metadata("number of the event within its attempt");
const task_run_number = metadata("the task run; null: the flow itself");

const REPORTED = "report events[]";

/** Accounts of the cloud itself: none of this comes from a flow. */
const accounts = {
  tenants: {
    about: "the customers of the cloud",
    columns: { id: metadata("its id"), name: metadata("its name"), created_at },
  },
  api_keys: {
    about: "credentials of people, scripts and agents",
    columns: {
      id: metadata("its id"),
      tenant_id,
      user_id: metadata("whose key it is; null: nobody's in particular"),
      name: metadata("what it is called"),
      scope: metadata("which door it opens: that of people or that of agents"),
      lookup: metadata("its first characters, to find it by"),
      hash: metadata("HMAC of the key; the key itself is not kept"),
      created_at,
      expires_at: metadata("when it ends"),
      last_used_at: metadata("when it was used last, to the minute"),
      revoked_at: metadata("when somebody ended it"),
      role: metadata("the role, of those that every tenant has, whose permissions it holds"),
      role_id: metadata("the tenant's own role whose permissions it holds"),
      permissions: metadata("what it may do, where that is no role's"),
      service_account_id: metadata("the service account that owns it"),
      allowed_addresses: metadata("networks from which it may be used; none: from all"),
      last_used_from: metadata("network from which it was used last, never the whole address"),
      replaced_by: metadata("the key that took its place"),
    },
  },
  roles: {
    about: "roles of tenants' own",
    columns: {
      id: metadata("its id"),
      tenant_id,
      name: metadata("its name"),
      permissions: metadata("what its holders may do"),
      created_at,
    },
  },
  service_accounts: {
    about: "programs that own keys",
    columns: { id: metadata("its id"), tenant_id, name: metadata("its name"), created_at },
  },
  projects: {
    about: "folders of flows",
    columns: { id: metadata("its id"), tenant_id, name: metadata("its name"), created_at },
  },
  agents: {
    about: "the user's processes that claim flow runs",
    columns: {
      id: metadata("its id"),
      tenant_id,
      api_key_id: metadata("the key that it came with"),
      name: metadata("its name, by default that of its machine"),
      labels: metadata("what it may claim"),
      launchers: metadata("how it starts flows"),
      version: metadata("of its program"),
      capacity: metadata("flow runs that it holds at most"),
      public_keys: metadata("what it said of its public keys; nobody seals to them, since they come from here"),
      enrolled_at: metadata("when it came first"),
      last_seen_at: metadata("when it was heard of last"),
      pause_reason: exception("why a person paused it, in that person's words", "graphql PauseAgent input.reason"),
      paused_at: metadata("when a person paused it; null: nobody did"),
      paused_by: metadata("who paused it"),
      projects: metadata("the projects that it serves; null: all"),
    },
  },
  queue_pauses: {
    about: "tenants of which nobody claims runs, because a person said so",
    columns: {
      tenant_id,
      paused_at: metadata("when it was paused"),
      paused_by: metadata("who paused it"),
      reason: exception("why, in that person's words", "graphql PauseQueue input.reason"),
    },
  },
  run_limits: {
    about: "how many flow runs with a label may be held at once",
    columns: {
      tenant_id,
      label: metadata("the label"),
      slots: metadata("how many"),
      changed_at: metadata("when it was changed last"),
    },
  },
  task_limits: {
    about: "how many task runs with a tag may run at once",
    columns: {
      tenant_id,
      tag: metadata("the tag"),
      slots: metadata("how many"),
      changed_at: metadata("when it was changed last"),
    },
  },
} satisfies Record<string, HeldTable>;

/** What happened. */
const runs = {
  flow_runs: {
    about: "executions of flows",
    columns: {
      id: metadata("its id"),
      tenant_id,
      flow_id: metadata("the flow"),
      flow_version_id: metadata("the version that runs"),
      name: metadata("its name: as whoever started it called it, or the flow's with a few characters of the id"),
      parameters: parameter(
        "what it was started with, the flow's defaults filled in unless either is sealed",
        "graphql CreateFlowRun input.parameters",
        "start parameters",
        `${REGISTERED}.parameterDefaults`,
        "graphql SetFlowSettings input.parameterDefaults",
        `${REGISTERED}.schedules[].parameters`,
      ),
      labels: metadata("what an agent must have to claim it"),
      idempotency_key: metadata("the key that makes a second request for it the same run"),
      state: metadata("where it stands"),
      state_version: metadata("counts its transitions"),
      scheduled_start_time: metadata("not before this moment"),
      created_at,
      started_at: metadata("when it began to run"),
      ended_at: metadata("when it was over"),
      attempt: metadata("how often it was claimed"),
      event_number: metadata("the last event that was stored of this attempt"),
      agent_id: metadata("who holds it, or held it last"),
      lease_expires_at: metadata("when its holder must have been heard of"),
      recoveries: metadata("how often a holder fell silent"),
      order_version: metadata("counts what its holder is to be told"),
      pause_order: metadata("whether a person wants it to pause"),
      parent_run_id: metadata("the run that started it"),
      boundary: metadata("what whoever started it asks of the gate: an action for each class"),
      parameters_signature: metadata("of its parameters, by whoever started it"),
      state_number: metadata("its state as a number, by which lists find it"),
    },
  },
  flow_run_states: {
    about: "the history of flow runs",
    columns: {
      tenant_id,
      flow_run_id,
      version: metadata("1, 2, 3 …"),
      attempt,
      state: metadata("where it stood from then on"),
      at,
      event_number: metadata("the event that reported it; null: the cloud made it"),
      message: exception(
        "why, in a sentence of the flow, of a person or of the cloud",
        `${REPORTED}.message`,
        "graphql ApproveTaskRun input.message",
        "graphql SetFlowRunState input.reason",
      ),
      failure: exception("name, message, stack and causes of what went wrong", `${REPORTED}.failure.*`),
    },
  },
  flow_run_seal_keys: {
    about: "keys of what is sealed in a run, wrapped for those whom the user's policy names; the cloud can open none",
    columns: {
      tenant_id,
      flow_run_id,
      id: metadata("random; stands in what is sealed with it"),
      attempt,
      key: metadata("the wrapped key, with the fingerprints of those who can open it"),
    },
  },
  task_runs: {
    about: "executions of tasks",
    columns: {
      tenant_id,
      flow_run_id,
      started_at: metadata("when it began to run"),
      ended_at: metadata("when it was over"),
      number: metadata("its number within the flow run"),
      task_id: metadata("the task"),
      ordinal: metadata("which call of the task in the flow it is"),
      state: metadata("where it stands"),
      event_number: metadata("the event that brought it there"),
      attempt,
      try_number: metadata("which try it is"),
      map_index: metadata("its index in the map that it belongs to"),
      parent: metadata("the map or subflow that it belongs to"),
      start_time: metadata("not before this moment"),
      result_bytes: metadata("size of its result"),
      map_count: metadata("children of the map"),
      upstream: metadata("numbers of the task runs that it depends on"),
      tags: metadata("its tags"),
      key: metadata("the key that the flow gave it"),
      run_name: holds("run-name")("its own name, rendered from its inputs", `${REPORTED}.runName`),
      location: location("where its result lies, in the user's own storage", `${REPORTED}.location`),
      loop_count: metadata("turns of its loop that are over"),
      approved_at: metadata("when a person approved it"),
      approval_message: exception("what that person said", "graphql ApproveTaskRun input.message"),
    },
  },
  task_run_states: {
    about: "the history of task runs",
    columns: {
      tenant_id,
      flow_run_id,
      at,
      number,
      task_run_number,
      state: metadata("where it stood from then on"),
      attempt,
      detail: exception(
        "message and failure of that state; beside them try, start time, and why a transition was refused",
        `${REPORTED}.message`,
        `${REPORTED}.failure.*`,
        "graphql ApproveTaskRun input.message",
      ),
    },
  },
  logs: {
    about: "log lines",
    columns: {
      tenant_id,
      flow_run_id,
      at,
      number,
      attempt,
      level: metadata("trace, debug, info, warn, error or fatal, as a number"),
      task_run_number,
      logger: metadata("name of the logger"),
      text: holds("log")("the line, as the gate let it through", `${REPORTED}.text`),
    },
  },
  artifacts: {
    about: "what flows made for people to look at",
    columns: {
      tenant_id,
      flow_run_id,
      attempt,
      number,
      at,
      task_run_number,
      name: metadata("its name"),
      kind: metadata("link, markdown or table"),
      data: holds("artifact")("what it shows", `${REPORTED}.data`),
    },
  },
  task_slots: {
    about: "task runs that hold a concurrency slot, or wait for one",
    columns: {
      tenant_id,
      flow_run_id,
      number: metadata("the task run"),
      tag: metadata("the tag whose slot it is"),
      attempt,
      event_number: metadata("the run's newest event when it asked"),
      position: metadata("its place in the queue"),
      asked_at: metadata("when it asked"),
      granted_at: metadata("when it was granted; null: it waits"),
    },
  },
  cached_results: {
    about: "where results lie that later runs may take instead of computing them again",
    columns: {
      tenant_id,
      key_hash: digest("SHA-256 of the keyed HMAC that stands for the cache key", `${REPORTED}.cacheKey`),
      location_hash: location("SHA-256 of the location, to find it by", `${REPORTED}.location`),
      at,
      expires_at: metadata("until when it may be taken"),
      flow_run_id,
      number: metadata("the task run that made it"),
      location: location("where the result lies, in the user's own storage", `${REPORTED}.location`),
      digests: digest("keyed HMACs of what it was made of", `${REPORTED}.digests[].value`),
    },
  },
} satisfies Record<string, HeldTable>;

/** Every table of the cloud, by name. */
export const HELD_TABLES: Readonly<Record<string, HeldTable>> = {
  ...runs,
  ...HELD_FLOWS,
  ...accounts,
  ...HELD_PEOPLE,
  ...HELD_GUARDS,
};

/** User data that crosses and is not kept: it is looked up, or answered, and forgotten. */
export const NOT_HELD: Readonly<Record<string, string>> = {
  "cached cacheKey": "its SHA-256 is compared with those of results",
};

/** The data class of a column; metadata for one that nobody knows. */
export function columnClass(table: string, column: string): DataClass {
  return HELD_TABLES[table]?.columns[column]?.dataClass ?? "metadata";
}

/** What the database says of a column. @example columnComment({…}) // "class: log; the line, as the gate let it through" */
export function columnComment({ dataClass, about }: HeldColumn): string {
  return `class: ${dataClass}; ${about}`;
}
