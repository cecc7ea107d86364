import { isTaskRunMove, type StateName } from "@weir/protocol/state";
import { type Duration, durationMs } from "../duration.ts";
import { WeirError } from "../errors.ts";
import { failureOf, messageText } from "../failure-of.ts";
import { FailSignal, PauseSignal, RetrySignal, Signal, SkipSignal, SuccessSignal } from "../signals.ts";
import type { NewState, Replacement, StateChange, StateHandler } from "../task/state-handlers.ts";
import type { Detail } from "./run-node.ts";

/** A state that a task run is about to enter, and all that goes with it. */
export interface Transition {
  readonly state: StateName;
  readonly detail?: Detail;
  readonly value?: unknown;
  readonly error?: unknown;
}

/** What is asked of the handlers about, beside the states. */
export type ChangeFacts = Omit<StateChange, "from" | "to">;

function newState({ state, detail, value, error }: Transition): NewState {
  return {
    state,
    ...(detail?.message === undefined ? {} : { message: detail.message }),
    ...(value === undefined ? {} : { value }),
    ...(error === undefined ? {} : { error, failure: detail?.failure ?? failureOf(error) }),
  };
}

function ofSignal(signal: Signal, now: number): Replacement | null {
  const { message } = signal;
  if (signal instanceof SkipSignal) return { state: "Skipped", message };
  if (signal instanceof FailSignal) return { state: "Failed", error: signal };
  if (signal instanceof PauseSignal) return { state: "Paused", message };
  if (signal instanceof RetrySignal) return { state: "Retrying", delay: signal.delayMs(now), message };
  if (signal instanceof SuccessSignal) return { state: "Success", value: signal.value };
  return null;
}

function retrying(delay: Duration, now: number, message: Detail): Transition {
  return { state: "Retrying", detail: { ...message, startTime: Math.ceil(now + durationMs(delay, "delay")) } };
}

function transitionOf(replacement: Replacement, before: Transition, now: number): Transition {
  const message: Detail = replacement.message === undefined ? {} : { message: replacement.message };
  switch (replacement.state) {
    case "Success":
      return { state: "Success", detail: message, value: replacement.value };
    case "Failed":
    case "Cancelled": {
      const error = replacement.error ?? before.error ?? new Error(replacement.message ?? "a state handler said so");
      return { state: replacement.state, detail: { ...message, failure: failureOf(error) }, error };
    }
    case "Retrying":
      return retrying(replacement.delay ?? 0, now, message);
    case "Skipped":
    case "Paused":
      return { state: replacement.state, detail: message };
  }
}

const REPLACEMENTS = new Set<unknown>(["Success", "Failed", "Cancelled", "Skipped", "Paused", "Retrying"]);

function checkedReplacement(given: unknown): Replacement | null {
  if (given === undefined || given === null) return null;
  const { state } = given as { state?: unknown };
  if (REPLACEMENTS.has(state)) return given as Replacement;
  throw new Error(
    `it returned ${typeof state === "string" ? `the state ${state}` : "something that is no state"}; a handler may return nothing, or { state } with one of ${[...REPLACEMENTS].join(", ")}`,
  );
}

function handlerFailure(what: string, cause: unknown): Transition {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const error = new WeirError("HANDLER_THREW", `A state handler of ${what} failed: ${reason}.`, { cause });
  return { state: "Failed", detail: { failure: failureOf(error) }, error };
}

async function asked(handler: StateHandler, change: StateChange, now: number): Promise<Replacement | null> {
  try {
    return checkedReplacement(await handler(change));
  } catch (thrown) {
    const replacement = thrown instanceof Signal ? ofSignal(thrown, now) : null;
    if (replacement === null) throw thrown;
    return replacement;
  }
}

/** A transition as the handlers leave it. One that throws makes it Failed, and the others are not asked. */
export async function throughHandlers(
  handlers: readonly StateHandler[],
  facts: ChangeFacts,
  from: StateName,
  wanted: Transition,
  o: { now: number; what: string; isMove?: (from: StateName, to: StateName) => boolean },
): Promise<Transition> {
  let transition = wanted;
  try {
    for (const handler of handlers) {
      const replacement = await asked(handler, { ...facts, from, to: newState(transition) }, o.now);
      if (replacement === null) continue;
      const replaced = transitionOf(replacement, transition, o.now);
      if (!(o.isMove ?? isTaskRunMove)(from, replaced.state))
        throw new Error(`it wants ${replaced.state}, which cannot follow ${from}`);
      transition = replaced;
    }
    return transition;
  } catch (thrown) {
    return handlerFailure(o.what, thrown);
  }
}

/** Ends without success, and how that is told. */
export function failed(state: "Failed" | "TimedOut" | "TriggerFailed", error: unknown): Transition {
  return { state, error, detail: { failure: failureOf(error) } };
}

/** A limit of one of the tags is full. `tries` are over already. */
export function queuedFor(tags: readonly string[], tries: number): Transition {
  const message = messageText(`A limit is full: it waits for slots of ${tags.join(", ")}.`);
  return { state: "Queued", detail: tries === 0 ? { message } : { message, tryNumber: tries } };
}
