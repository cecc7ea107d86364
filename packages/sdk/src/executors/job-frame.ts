import type { RunEvent } from "@weir/protocol";
import { cleanText, cutText, LIMITS } from "@weir/protocol/limits";
import type { FlowRunFacts } from "../context/flow-run-facts.ts";
import { type Frame, frames } from "../context/frame.ts";
import type { Loop } from "../context/loop.ts";
import type { Signal } from "../signals.ts";
import type { TaskFunction } from "../task/task-types.ts";
import type { JobFacts } from "./executor.ts";

/** Whoever hears what a try says. */
export interface Listener {
  begun(): void;
  emit(event: RunEvent): void;
  redact(values: readonly string[]): void;
  readonly askKv?: FlowRunFacts["askKv"];
}

/** The frame of a try that runs away from its flow: `run.…` answers from the facts that came along. */
export class JobFrame implements Frame {
  readonly facts: FlowRunFacts;
  readonly signal: AbortSignal;
  readonly taskRunNumber: number;
  readonly tryNumber: number;
  readonly mapIndex: number | undefined;
  readonly loop: Loop;
  readonly approved: boolean;
  madeSignal: Signal | null = null;

  constructor(facts: JobFacts, signal: AbortSignal, listener: Omit<Listener, "begun">) {
    const { flowRunId, attempt, parameters, scheduledStartTime, loopCount, loopValue } = facts;
    this.facts = {
      flowRunId,
      attempt,
      parameters,
      scheduledStartTime: new Date(scheduledStartTime),
      emit: (event) => listener.emit(event),
      redact: (values) => listener.redact(values),
      ...(listener.askKv && { askKv: listener.askKv }),
    };
    this.signal = signal;
    this.taskRunNumber = facts.taskRunNumber;
    this.tryNumber = facts.tryNumber;
    this.mapIndex = facts.mapIndex;
    this.loop = { count: loopCount, value: loopValue };
    this.approved = facts.approved;
  }

  /** Calls the task's function in this frame. @throws what it throws. */
  async run(fn: TaskFunction, inputs: readonly unknown[]): Promise<unknown> {
    try {
      const value = await frames.run(this, fn, ...inputs);
      this.#tellSwallowed(undefined);
      return value;
    } catch (thrown) {
      this.#tellSwallowed(thrown);
      throw thrown;
    }
  }

  /** As the engine does for tries in its own event loop. */
  #tellSwallowed(ending: unknown): void {
    const made = this.madeSignal;
    if (made === null || made === ending) return;
    const told = `${made.call} was made but did not end the task: it was caught, or never thrown.`;
    const text = cutText(cleanText(told), LIMITS.messageBytes);
    this.facts.emit({ kind: "log", at: Date.now(), level: "warn", logger: "weir", text, number: this.taskRunNumber });
  }
}
