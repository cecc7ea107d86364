import { AsyncLocalStorage } from "node:async_hooks";
import type { Signal } from "../signals.ts";
import type { FlowRunFacts } from "./flow-run-facts.ts";
import type { Loop } from "./loop.ts";
import { onSignalMade } from "../signals.ts";

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
