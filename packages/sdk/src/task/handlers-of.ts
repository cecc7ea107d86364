import { isFailed } from "@weir/protocol/state";
import type { FailureHandler, StateHandler } from "./state-handlers.ts";

/** The handlers of a task or flow in the order in which they are asked; `onFailure` is the last of them. */
export function handlersOf(options: {
  readonly stateHandlers?: StateHandler | readonly StateHandler[] | undefined;
  readonly onFailure?: FailureHandler | undefined;
}): readonly StateHandler[] {
  const { stateHandlers = [], onFailure } = options;
  const handlers = [stateHandlers].flat();
  if (onFailure === undefined) return handlers;
  const hears: StateHandler = async (change) => {
    if (isFailed(change.to.state)) await onFailure(change);
  };
  return [...handlers, hears];
}
