import type { RunView } from "./run-view.ts";
import type { FlowRunChange, FlowRunMove } from "./set-flow-run-state.ts";

const move = (state: FlowRunMove["state"], message: string): FlowRunMove => ({
  state,
  at: null,
  eventNumber: null,
  message,
  failure: null,
});

/**
 * The change by which a run that goes on later loses its holder: it is due again; or Paused, where it waits for a person or was asked to pause.
 * That wish stands until somebody takes it back. Decided on what is ordered, so an approval at the same moment makes it decided anew.
 */
export function leaving(view: RunView, why: string, waits: boolean): FlowRunChange {
  const asked = view.pauseOrder === "pause";
  const paused = move("Paused", asked ? "a person or program asked to pause it" : why);
  // Who was never seen Running cannot become Paused at one stroke: it was not begun.
  const direct = waits && view.state === "Running";
  const moves = waits || asked ? [...(direct ? [] : [move("Scheduled", why)]), paused] : [move("Scheduled", why)];
  return {
    view,
    onlyAtOrderVersion: view.orderVersion,
    moves,
    eventNumber: view.eventNumber,
    ...(asked ? {} : { pauseOrder: null }),
    notify: waits || asked ? ["run"] : ["work", "run"],
  };
}
