import {
  type BoundaryAction,
  type BoundaryClasses,
  CLASS_ACTIONS,
  DEFAULT_ACTIONS,
} from "@weir/protocol/boundary-actions";

/** A class of user data about which a policy file decides. */
export type DecidedClass = Exclude<keyof typeof CLASS_ACTIONS, "metadata" | "digest">;

/** What is of each class, for people. */
export const DECIDED_CLASSES: Readonly<Record<DecidedClass, string>> = {
  parameter: "parameters of runs and schedules, their defaults, values of the key-value store",
  log: "log lines",
  exception: "messages and stacks of failures, messages of states, reasons that people gave",
  location: "where results lie",
  "run-name": "names of task runs, rendered from inputs",
  artifact: "links, markdown and tables that flows made for people",
  config: "run config, paths, names of environment variables",
};

/** What may be said of a class, from the mildest to the strictest. */
export function actionsOf(dataClass: DecidedClass): readonly BoundaryAction[] {
  return CLASS_ACTIONS[dataClass];
}

/** What is done where the file says nothing. */
export function defaultOf(dataClass: DecidedClass): BoundaryAction {
  return DEFAULT_ACTIONS[dataClass];
}

/**
 * The lines of `weir.boundary.yaml` that say this.
 * @example policyLines({ log: "seal" }) // "version: 1\nclasses:\n  log: seal\n"
 */
export function policyLines(classes: BoundaryClasses): string {
  return [
    "version: 1",
    "classes:",
    ...Object.entries(classes).map(([name, action]) => `  ${name}: ${action}`),
    "",
  ].join("\n");
}

/** Reads choices as the address has them; what is no action of its class is left out. @example readClasses("log:seal") // { log: "seal" } */
export function readClasses(text: string): BoundaryClasses {
  const pairs = text.split(",").map((pair) => pair.split(":"));
  return Object.fromEntries(
    (Object.keys(DECIDED_CLASSES) as DecidedClass[]).flatMap((dataClass) => {
      const named = pairs.find(([name]) => name === dataClass)?.[1];
      const action = actionsOf(dataClass).find((each) => each === named);
      return action === undefined ? [] : [[dataClass, action]];
    }),
  );
}
