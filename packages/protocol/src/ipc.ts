import type { BoundaryRequest } from "./boundary.ts";
import type { OutcomeReply, StartReply } from "./child-run.ts";
import type { KnownTaskRun, Order } from "./claim.ts";
import type { NamedDigest, RunEvent } from "./event.ts";
import type { Json } from "./json.ts";
import type { KvDeleteReply, KvGetReply, KvSetReply } from "./kv.ts";
import type { RefusalBody } from "./refusal.ts";
import type { CachedReply, SlotsReply } from "./slots.ts";

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
  /** Where tries of tasks run, unless flow or task say it. Absent: in the process's own event loop. */
  readonly executor?: "concurrent" | "threads";
  /** The process may stay after the run, and serve further runs of the same version of the same flow. */
  readonly mayStay?: boolean;
  /** What this runner can be asked. Absent: it is of a time before the key-value store, and would end the run for a question about it. */
  readonly questions?: readonly QuestionKind[];
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

/** Runner to child: an order of the cloud's other than cancel, which has a grace and a message of its own. */
export interface OrderMessage {
  readonly kind: "order";
  readonly order: Order;
}

/**
 * What a child may ask of the cloud, through runner and gate. Digests go plain to the runner, which keys them: the key never enters
 * the child.
 */
export interface Questions {
  readonly slots: { readonly number: number; readonly tags: readonly string[] };
  readonly cached: { readonly cacheKey: string; readonly digests: readonly NamedDigest[] };
  readonly start: {
    readonly project?: string;
    readonly flow: string;
    readonly parameters?: Json;
    readonly name?: string;
    readonly labels?: readonly string[];
    readonly idempotencyKey: string;
    /** Milliseconds since 1970. */
    readonly scheduledStartTime?: number;
  };
  /** Answered once the run is over. */
  readonly outcome: { readonly runId: string };
  readonly kvGet: { readonly key: string };
  /** `number`: the task run that asks; absent: the flow itself. */
  readonly kvSet: KvWrite & { readonly value: Json; readonly number?: number };
  readonly kvDelete: KvWrite;
}

/** Which entry of the key-value store is written; see `kv.ts`. */
interface KvWrite {
  readonly key: string;
  readonly expectedVersion?: number;
}

export interface Answers {
  readonly slots: { readonly granted: boolean } & Pick<SlotsReply, "waitSeconds">;
  /** `digests`: those of the question, keyed as those of the states are, so that the two can be compared. */
  readonly cached: CachedReply & { readonly digests: readonly NamedDigest[] };
  readonly start: StartReply;
  readonly outcome: OutcomeReply;
  readonly kvGet: KvGetReply;
  readonly kvSet: KvSetReply;
  readonly kvDelete: KvDeleteReply;
}

export type QuestionKind = keyof Questions;

/** Child to runner: a question. `id` is the child's own, 1, 2, 3 … */
export type AskMessage = {
  readonly [K in QuestionKind]: { readonly kind: "ask"; readonly id: number; readonly ask: K } & Questions[K];
}[QuestionKind];

/** Runner to child: the answer to the question of that id, or the cloud's refusal. */
export type AnswerMessage = { readonly kind: "answer"; readonly id: number } & (
  | { readonly answer: Answers[QuestionKind] }
  | { readonly refusal: Pick<RefusalBody, "code" | "message"> }
);

export type ToChild = StartMessage | CancelMessage | PressureMessage | OrderMessage | AnswerMessage;

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
  /**
   * `finished`: a terminal flow state was emitted. `waiting`: nothing can go on before `dueInMs`, the lease may be released.
   * `paused`: nothing can go on before a person says so.
   */
  readonly outcome: "finished" | "waiting" | "paused";
  readonly dueInMs?: number;
  /** The process stays and waits for another `start`, as it was allowed to: the run succeeded and left nothing behind that goes on. */
  readonly stays?: boolean;
}

/** Child to runner, once the flow's file is loaded: what the flow says about its own supervision. */
export interface LoadedMessage {
  readonly kind: "loaded";
  /** `continue`: the run goes on when the cloud falls silent, although a second attempt may begin beside it. */
  readonly onLeaseLost?: "stop" | "continue";
  /** What the flow asks of the gate: not the cloud's word for it, but the code's. */
  readonly boundary?: BoundaryRequest;
}

export type FromChild = ReadyMessage | LoadedMessage | EventsMessage | SecretsMessage | AskMessage | DoneMessage;
