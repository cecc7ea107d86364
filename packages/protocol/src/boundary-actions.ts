import type { DataClass } from "./data-class.ts";

// Apart from the schemas, so that a flow's process, which starts without them, can check what a flow asks for.

/** What a boundary policy may say about a class of data, from the mildest to the strictest. */
export const BOUNDARY_ACTIONS = {
  send: "sent as it is",
  redact: "sent, with secrets and the user's own patterns struck out",
  pseudonym: "a keyed HMAC is sent; which one stands for what is kept on the user's side",
  seal: "encrypted for the recipients of the policy file; the cloud keeps what it cannot read",
  "id-only": "an id is sent; the text stays in the agent's own log, where `weir errors show ID` finds it",
  drop: "never sent",
} as const;
export type BoundaryAction = keyof typeof BOUNDARY_ACTIONS;

const ORDER = Object.keys(BOUNDARY_ACTIONS) as readonly BoundaryAction[];

/**
 * What each class takes. The others would break what they are done to: a struck-out parameter is another input, a dropped location leaves a
 * restart without its results, a pseudonym of a log line is of no use to anyone.
 */
export const CLASS_ACTIONS = {
  metadata: ["send"],
  parameter: ["send", "seal", "drop"],
  log: ["send", "redact", "seal", "drop"],
  exception: ["send", "redact", "seal", "id-only", "drop"],
  location: ["send", "pseudonym", "seal"],
  "run-name": ["send", "redact", "pseudonym", "seal", "drop"],
  artifact: ["send", "redact", "seal", "drop"],
  config: ["send", "seal"],
  digest: ["pseudonym"],
} as const satisfies Record<DataClass, readonly BoundaryAction[]>;

/** What is done where no policy says otherwise. */
export const DEFAULT_ACTIONS = {
  metadata: "send",
  parameter: "send",
  log: "redact",
  exception: "redact",
  location: "send",
  "run-name": "redact",
  artifact: "redact",
  config: "send",
  digest: "pseudonym",
} as const satisfies Record<DataClass, BoundaryAction>;

/** An action for some of the classes: of a policy file, a flow's option, a run. */
export type BoundaryClasses = { readonly [C in DataClass]?: (typeof CLASS_ACTIONS)[C][number] };

/** The stricter of two actions. @example stricter("redact", "seal") // "seal" */
export function stricter(a: BoundaryAction, b: BoundaryAction): BoundaryAction {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

/** The strictest action of each class that any of them names. */
export function strictestOf(requests: readonly (BoundaryClasses | undefined)[]): BoundaryClasses {
  const strictest: Partial<Record<DataClass, BoundaryAction>> = {};
  for (const request of requests)
    for (const [dataClass, action] of Object.entries(request ?? {}) as [DataClass, BoundaryAction][])
      strictest[dataClass] = stricter(strictest[dataClass] ?? action, action);
  return strictest as BoundaryClasses;
}
