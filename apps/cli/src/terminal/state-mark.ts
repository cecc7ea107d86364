import type { StateName } from "@weir/protocol";
import { isFailed, isFinished, isRunning, isSuccessful } from "@weir/protocol/state";
import type { Io } from "../io.ts";

/** One character for a state: readable without colour. */
export function stateMark(state: StateName): string {
  if (state === "Retrying") return "↻";
  if (state === "Skipped") return "»";
  if (isSuccessful(state)) return "✓";
  if (isFailed(state)) return "✗";
  if (isFinished(state)) return "■";
  return isRunning(state) ? "●" : "○";
}

/** Colours a text as its state. */
export function paintState(io: Io, state: StateName, text: string): string {
  const { paint } = io;
  if (isSuccessful(state)) return paint.green(text);
  if (isFailed(state)) return paint.red(text);
  if (state === "Retrying" || state === "Paused" || state === "Cancelling") return paint.yellow(text);
  if (isRunning(state)) return paint.blue(text);
  return paint.dim(text);
}
