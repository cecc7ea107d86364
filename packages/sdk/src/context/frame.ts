import { AsyncLocalStorage } from "node:async_hooks";
import type { BoundaryRequest, RunEvent } from "@weir/protocol";
import type { Answers, Questions } from "@weir/protocol/ipc";
import type { KvQuestion } from "../kv/memory-kv.ts";
import type { Signal } from "../signals.ts";
import type { Loop } from "./loop.ts";
import { onSignalMade } from "../signals.ts";

/** What is known of a flow run while its code runs. */
export interface FlowRunFacts {
  readonly flowRunId: string;
  readonly attempt: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly scheduledStartTime: Date;
  emit(event: RunEvent): void;
  /** Values that must never leave this side. */
  redact(values: readonly string[]): void;
  /** A flow that is called asks for more of the gate. Absent where a try runs away from its flow. */
  tighten?(request: BoundaryRequest): void;
  /** Asks the key-value store. Absent where a try has no way to the flow's process. */
  askKv?<K extends KvQuestion>(kind: K, question: Questions[K]): Promise<Answers[K]>;
}

/** Where code of the user's stands: in a flow, or in one try of a task. The engine's own objects are frames. */
export interface Frame {
  readonly facts: FlowRunFacts;
  readonly signal: AbortSignal;
  /** Absent in the flow itself. */
  readonly taskRunNumber?: number;
  readonly tryNumber: number;
  readonly mapIndex?: number | undefined;
  /** Where a looping task stands. Absent in the flow itself. */
  readonly loop?: Loop;
  /** Whether a person has approved this task run. */
  readonly approved?: boolean;
  /** The task run whose try this is. Absent in the flow itself. */
  readonly node?: object;
  /** A signal that this try has made; if it does not end the try, it was swallowed. */
  madeSignal: Signal | null;
}

/** Follows the user's code through its awaits. */
export const frames = new AsyncLocalStorage<Frame>();

onSignalMade((signal) => {
  const frame = frames.getStore();
  if (frame !== undefined) frame.madeSignal = signal;
});
