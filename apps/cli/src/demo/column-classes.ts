import type { DataClass } from "@weir/protocol";

/**
 * The columns of the cloud's tables that may hold what users wrote, by data class; every other column is metadata. A test compares
 * this with the fields that the protocol lets cross.
 */
export const COLUMN_CLASSES: Readonly<Record<string, Readonly<Record<string, DataClass>>>> = {
  flow_runs: { parameters: "parameter", name: "run-name" },
  flow_run_states: { message: "exception", failure: "exception" },
  task_runs: { location: "location", run_name: "run-name" },
  task_run_states: { detail: "exception" },
  logs: { text: "log" },
  artifacts: { data: "artifact" },
  cached_results: { key_hash: "digest", digests: "digest", location: "location" },
};

/** The data class of a column. */
export function classOf(table: string, column: string): DataClass {
  return COLUMN_CLASSES[table]?.[column] ?? "metadata";
}
