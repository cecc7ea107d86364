import {
  type BoundaryAction,
  type BoundaryClasses,
  type BoundaryRequest,
  CLASS_ACTIONS,
  DATA_CLASSES,
  type DataClass,
  stricter,
} from "@weir/protocol";
import { decide, type Origin, type Policy } from "../policy/policy.ts";

/** What is to be done to each class. */
export type Actions = Readonly<Record<DataClass, BoundaryAction>>;

const CLASSES = Object.keys(DATA_CLASSES) as DataClass[];

/** What the policy and the requests say about the data of one flow; found once for each of its tasks. */
export class Decisions {
  readonly #policy: Policy;
  readonly #origin: Origin;
  readonly #requests: readonly (BoundaryClasses | undefined)[];
  readonly #byTask = new Map<string | undefined, Actions>();

  constructor(policy: Policy, origin: Origin, requests: readonly (BoundaryClasses | undefined)[]) {
    this.#policy = policy;
    this.#origin = origin;
    this.#requests = requests;
  }

  /** For data of a task; undefined: of the flow itself, or of a task that is not known. */
  of(task?: string): Actions {
    const before = this.#byTask.get(task);
    if (before) return before;
    const origin = task === undefined ? this.#origin : { ...this.#origin, task };
    const made = actionsBy((dataClass) => possible(dataClass, decide(this.#policy, dataClass, origin, this.#requests)));
    this.#byTask.set(task, made);
    return made;
  }
}

/**
 * What a class takes of that: the action, or the next stricter one, or the strictest that there is. Requests come from a child that is not
 * trusted and from the cloud.
 */
function possible(dataClass: DataClass, action: BoundaryAction): BoundaryAction {
  const taken: readonly BoundaryAction[] = CLASS_ACTIONS[dataClass];
  return taken.find((one) => stricter(one, action) === one) ?? taken.at(-1) ?? "drop";
}

/** The stricter of two decisions, class by class. */
export function strictestActions(a: Actions, b: Actions): Actions {
  return actionsBy((dataClass) => stricter(a[dataClass], b[dataClass]));
}

/** Several requests as one: of each class that any of them names, the strictest. */
export function strictestOf(requests: readonly BoundaryRequest[]): BoundaryRequest {
  const strictest: Partial<Record<DataClass, BoundaryAction>> = {};
  for (const request of requests)
    for (const [dataClass, action] of Object.entries(request) as [DataClass, BoundaryAction][])
      strictest[dataClass] = stricter(strictest[dataClass] ?? action, action);
  return strictest as BoundaryRequest;
}

function actionsBy(actionOf: (dataClass: DataClass) => BoundaryAction): Actions {
  return Object.fromEntries(CLASSES.map((dataClass) => [dataClass, actionOf(dataClass)])) as Actions;
}
