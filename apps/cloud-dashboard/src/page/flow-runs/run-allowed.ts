import type { Permission } from "@weir/protocol/permissions";
import { isFlowRunMove, isSuccessful, isTerminal, type StateName } from "@weir/protocol/state";

/** What a person can say of a run by hand. */
const BY_HAND = ["Success", "Failed", "Cancelled"] as const;
export type StateByHand = (typeof BY_HAND)[number];

/** What can be done with a run now. */
interface Allowed {
  readonly cancel: boolean;
  readonly restart: boolean;
  readonly pause: boolean;
  readonly resume: boolean;
  readonly approve: boolean;
  readonly rename: boolean;
  /** Another run with its parameters. */
  readonly again: boolean;
  /** Into which it can be brought by hand. */
  readonly mark: readonly StateByHand[];
}

interface RunNow {
  readonly state: StateName;
  /** A person wants it to pause, or has paused it. */
  readonly pauseAsked: boolean;
  /** Its task runs were dropped, so that nothing could be passed over. */
  readonly isForgotten: boolean;
  /** Its task runs that wait for a person. */
  readonly approvals: number;
}

/** What may be done: by the run's state, and by what the viewer holds. The cloud decides again. */
export function allowedOf(
  { state, pauseAsked, isForgotten, approvals }: RunNow,
  may: (needed: Permission) => boolean,
): Allowed {
  const isOver = isTerminal(state);
  const canControl = may("run:control");
  const canStart = may("run:start");
  const isOpen = canControl && !isOver && state !== "Cancelling";
  return {
    cancel: isOpen,
    restart: canStart && isOver && !isSuccessful(state) && !isForgotten,
    pause: isOpen && !pauseAsked,
    // Of a run that waits for an approval, the approval is what lets it go on.
    resume: isOpen && (pauseAsked || (state === "Paused" && approvals === 0)),
    approve: canControl && !isOver && approvals > 0,
    rename: canControl,
    again: canStart,
    mark: canControl && !isOver ? BY_HAND.filter((to) => isFlowRunMove(state, to)) : [],
  };
}
