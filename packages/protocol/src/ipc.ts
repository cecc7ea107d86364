import type { KnownTaskRun } from "./claim.ts";
import type { RunEvent } from "./event.ts";
import type { Json } from "./json.ts";

// Between a flow's child process and its runner, both on the user's side: nothing here crosses the line by itself. It stands in
// `protocol` because both ends must agree and neither may import the other. Newline-delimited JSON on file descriptor 3.

/** File descriptor of the socket that the runner hands to the child. */
export const IPC_FD = 3;

/** Runner to child: begin. Sent once; a warm child waits for it. */
export interface StartMessage {
  readonly kind: "start";
  readonly runId: string;
  readonly runName: string;
  readonly attempt: number;
  readonly flow: string;
  readonly flowVersion: number;
  readonly project: string;
  /** Directory of the flow's code, made the child's working directory; and the entry's path below it. */
  readonly directory: string;
  readonly entry: string;
  readonly parameters: Json;
  readonly scheduledStartTime: number;
  readonly known: readonly KnownTaskRun[];
  /** Directory of the default local store. Null: the storage attaches none. */
  readonly resultsDirectory: string | null;
  /** Environment variables that the run declares, beyond the allow-list that the process was started with. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runner to child: stop, clean up, report Cancelled. The process group is killed when the grace is over. */
export interface CancelMessage {
  readonly kind: "cancel";
  readonly graceMs: number;
}

/** Runner to child: a file of the user's side is full or slow; stop emitting until `flow: "go"`. */
export interface PressureMessage {
  readonly kind: "pressure";
  readonly flow: "stop" | "go";
}

export type ToChild = StartMessage | CancelMessage | PressureMessage;

/** Child to runner: loaded and waiting for `start`. */
export interface ReadyMessage {
  readonly kind: "ready";
  readonly sdkVersion: string;
}

/** Child to runner: events in order. The runner numbers them; the child need not know. */
export interface EventsMessage {
  readonly kind: "events";
  readonly events: readonly RunEvent[];
}

/** Child to runner: values that must never leave. The runner registers them with the gate's redactor. */
export interface SecretsMessage {
  readonly kind: "secrets";
  readonly values: readonly string[];
}

/** Child to runner: every event was emitted, the flow is over or waits; the process ends by itself. */
export interface DoneMessage {
  readonly kind: "done";
  /** `finished`: a terminal flow state was emitted. `waiting`: nothing can go on before `dueInMs`, the lease may be released. */
  readonly outcome: "finished" | "waiting";
  readonly dueInMs?: number;
}

export type FromChild = ReadyMessage | EventsMessage | SecretsMessage | DoneMessage;
