import { type BoundaryAction, type DataClass, DEFAULT_ACTIONS } from "@weir/protocol";

/** A policy that is proved: what it says of each class, and how programs are told of it. */
export interface ProofPolicy {
  readonly name: string;
  readonly actionFor: (dataClass: DataClass) => BoundaryAction;
  readonly env: Readonly<Record<string, string>>;
}

/** What holds where there is no policy file. */
export function defaultPolicy(): ProofPolicy {
  return { name: "default", actionFor: (dataClass) => DEFAULT_ACTIONS[dataClass], env: {} };
}
