import type { BoundaryRequest, RunEvent } from "@weir/protocol";
import type { Answers, Questions } from "@weir/protocol/ipc";
import type { KvQuestion } from "../kv/memory-kv.ts";

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
