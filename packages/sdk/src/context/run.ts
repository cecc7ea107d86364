import { type Artifacts, artifact } from "./artifact.ts";
import { type Frame, frames } from "./frame.ts";
import type { Loop } from "./loop.ts";
import { type Log, log } from "./log.ts";

/** What code of the user's can ask about the run that it is part of. */
export interface Run {
  /** Log lines. They cross the line. Outside a run they go to the terminal. */
  readonly log: Log;
  /** Things for people to look at. They cross the line. Outside a run they are dropped. */
  readonly artifact: Artifacts;
  /** Aborted when the try's time is over or the run is cancelled. Hand it to `fetch` and its like. */
  readonly signal: AbortSignal;
  /** The flow's parameters, checked. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly flowRunId: string;
  /** Which holding of the flow run this is, from 1: the fencing token for what your code writes elsewhere. */
  readonly attempt: number;
  /** Which try of the task this is, from 1. */
  readonly tryNumber: number;
  /** Index of this child of a mapped run; undefined elsewhere. */
  readonly mapIndex: number | undefined;
  /** In a looping task: how many turns are over, and what the last of them gave to `loopWith`. */
  readonly loop: Loop;
  /** Whether a person has approved this task run, after `pause` or the trigger `manual_only`. */
  readonly approved: boolean;
  /** When the run was meant to begin: the moment to compute with, since a late or repeated run has the same. */
  readonly scheduledStartTime: Date;
  /** The same for every try and attempt of this task run, and for no other: hand it to services that take such keys. */
  readonly idempotencyKey: string;
}

const FIRST_TURN: Loop = { count: 0, value: undefined };

const neverAborted = new AbortController().signal;

function frame(what: string): Frame {
  const found = frames.getStore();
  if (found !== undefined) return found;
  throw new Error(
    `run.${what} is known only inside a flow or a task of one. Call the flow, or hand the value in as an argument.`,
  );
}

/**
 * The run that the calling code is part of, in a flow's function and in its tasks. A task that is called outside a flow can still log,
 * has a signal that is never aborted, and is at its first try.
 * @example
 * const fetchPage = task("fetch-page", { timeout: "30s" }, async (url: string) => {
 *   run.log.info("fetching %s, try %d", url, run.tryNumber);
 *   return await (await fetch(url, { signal: run.signal })).text();
 * });
 */
export const run: Run = {
  log,
  artifact,
  get signal() {
    return frames.getStore()?.signal ?? neverAborted;
  },
  get parameters() {
    return frame("parameters").facts.parameters;
  },
  get flowRunId() {
    return frame("flowRunId").facts.flowRunId;
  },
  get attempt() {
    return frames.getStore()?.facts.attempt ?? 1;
  },
  get tryNumber() {
    return frames.getStore()?.tryNumber ?? 1;
  },
  get mapIndex() {
    return frames.getStore()?.mapIndex;
  },
  get loop() {
    return frames.getStore()?.loop ?? FIRST_TURN;
  },
  get approved() {
    return frames.getStore()?.approved ?? false;
  },
  get scheduledStartTime() {
    return frame("scheduledStartTime").facts.scheduledStartTime;
  },
  get idempotencyKey() {
    const { facts, taskRunNumber } = frame("idempotencyKey");
    return taskRunNumber === undefined ? facts.flowRunId : `${facts.flowRunId}-${taskRunNumber}`;
  },
};
