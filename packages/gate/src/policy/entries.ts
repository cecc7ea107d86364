import { type BoundaryAction, type DataClass, DEFAULT_ACTIONS, stricter } from "@weir/protocol";
import { fits } from "./name-pattern.ts";
import type { Origin, Policy, PolicyEntry } from "./policy.ts";

/** Why a class of data is treated as it is. */
export interface Reason {
  readonly action: BoundaryAction;
  /** `overrides[2].classes.log`; null: the file says nothing, and the default holds. */
  readonly entry: string | null;
  readonly line: number | null;
}

/** A name that is not known fits every pattern: then the strictest entry that could be meant holds. */
function fitsName(pattern: string | undefined, name: string | undefined): boolean {
  return pattern === undefined || name === undefined || fits(pattern, name);
}

/** Whether what an entry says holds for a piece of data. */
function fitsOrigin(entry: PolicyEntry, origin: Origin): boolean {
  return (
    fitsName(entry.project, origin.project) && fitsName(entry.flow, origin.flow) && fitsName(entry.task, origin.task)
  );
}

/** The strictest of all entries that fit. `classes` stands in the place of the defaults; the others only add to it. */
export function actionOf(entries: readonly PolicyEntry[], dataClass: DataClass, origin: Origin): BoundaryAction {
  return reasonOf(entries, dataClass, origin).action;
}

function reasonOf(entries: readonly PolicyEntry[], dataClass: DataClass, origin: Origin): Reason {
  const base = entries.find(isBase)?.classes[dataClass] ?? DEFAULT_ACTIONS[dataClass];
  let reason: Reason = { action: base, entry: null, line: null };
  for (const entry of entries) {
    const action = entry.classes[dataClass];
    if (action === undefined || !fitsOrigin(entry, origin)) continue;
    const isStricter = action !== reason.action && stricter(action, reason.action) === action;
    if (isStricter || (isBase(entry) && reason.entry === null))
      reason = { action, entry: `${entry.path}.${dataClass}`, line: entry.lines[dataClass] ?? null };
  }
  return reason;
}

const isBase = ({ path }: PolicyEntry): boolean => path === "classes";

/** What a policy says about a class of data, and where. */
export function reasonFor(policy: Policy, dataClass: DataClass, origin: Origin): Reason {
  if (policy.entries !== undefined) return reasonOf(policy.entries, dataClass, origin);
  return { action: policy.actionFor(dataClass, origin), entry: null, line: null };
}
