import type { MessagePort } from "node:worker_threads";
import type { RunEvent } from "@weir/protocol";
import type { Answers, Questions } from "@weir/protocol/ipc";
import type { KvQuestion } from "../../kv/memory-kv.ts";
import type { JobFacts } from "../executor.ts";
import type { TaskPlace } from "../task-registry.ts";
import type { Thrown } from "../thrown.ts";

// Between an executor and the threads that it runs tries in. Structured clone carries them.

/** What every thread begins with. */
export interface ThreadStart {
  /** Directory in which this process keeps compiled code; null: it keeps none. */
  readonly compileCache: string | null;
}

/** What a thread is handed: a try of a task. */
export interface TryOrder {
  readonly kind: "try";
  readonly place: TaskPlace;
  readonly inputs: readonly unknown[];
  readonly facts: JobFacts;
  /** Whether whoever ordered it has a way to the key-value store. */
  readonly asksKv: boolean;
  /** All else about this try goes over it. */
  readonly port: MessagePort;
}

/** Asks a thread to load files and to tell which tasks they define. */
export interface LookOrder {
  readonly kind: "look";
  /** `file:` URLs. */
  readonly files: readonly string[];
}

export type ThreadOrder = TryOrder | LookOrder;

/** Thread to executor. The last of them says how the try ended. */
export type FromThread =
  | { readonly kind: "begun" }
  | { readonly kind: "event"; readonly event: RunEvent }
  | { readonly kind: "secrets"; readonly values: readonly string[] }
  | KvAsk
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "threw"; readonly thrown: Thrown };

/** Asks the key-value store. `id` is the try's own, 1, 2, 3 … */
export type KvAsk = {
  readonly [K in KvQuestion]: {
    readonly kind: "kv";
    readonly id: number;
    readonly ask: K;
    readonly question: Questions[K];
  };
}[KvQuestion];

/** Executor to thread: what became of the question of that id. */
export type KvAnswer = { readonly kind: "kv"; readonly id: number } & (
  | { readonly answer: Answers[KvQuestion] }
  | { readonly thrown: Thrown }
);

export type ToThread = StopMessage | KvAnswer;

/** Executor to thread: `run.signal` is aborted; the thread is killed soon after, unless the try ends by itself. */
export interface StopMessage {
  readonly kind: "stop";
  readonly reason: Thrown;
}

/** What a thread answers to `look`. */
export type Look =
  | { readonly ok: true; readonly tasks: readonly TaskPlace[] }
  | { readonly ok: false; readonly problem: string };
