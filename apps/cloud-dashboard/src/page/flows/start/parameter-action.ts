import { type BoundaryClasses, strictestOf } from "@weir/protocol/boundary-actions";

/** Who may ask that parameters of a run are not sent as they are. */
export interface ParameterRequests {
  /** Of the version that runs, as the cloud tells it: a cloud that lies about it can make it no milder than the others do. */
  readonly flow: BoundaryClasses | undefined;
  /** What the person asks of the gate for this run. */
  readonly run: BoundaryClasses;
  /** What the person has decided for all runs that this browser starts. */
  readonly alwaysSeals: boolean;
  /** The form began with parameters that were sealed: they are not told in plain now. */
  readonly beganSealed: boolean;
}

export type ParameterAction = "send" | "seal" | "drop";

/** What is done to the parameters of a run before it is created: the strictest of all that is asked. */
export function parameterAction({ flow, run, alwaysSeals, beganSealed }: ParameterRequests): ParameterAction {
  const own: BoundaryClasses = alwaysSeals || beganSealed ? { parameter: "seal" } : {};
  const action: string = strictestOf([flow, run, own]).parameter ?? "send";
  // What is not known is asked by something newer than this page: the strictest that is known is done.
  return action === "send" || action === "seal" ? action : "drop";
}
