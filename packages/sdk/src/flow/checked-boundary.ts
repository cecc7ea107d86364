import type { BoundaryRequest } from "@weir/protocol";
import { type BoundaryAction, CLASS_ACTIONS } from "@weir/protocol/boundary-actions";

type Actions = Readonly<Record<string, readonly BoundaryAction[]>>;

/** Classes about which nothing can be asked: the one always crosses, the other is always a keyed HMAC. */
const FIXED = ["metadata", "digest"];

/**
 * What a flow asks of the gate, as it stands: a typing mistake would let out what the flow's author wanted to keep.
 * @throws TypeError naming what makes no sense
 */
export function checkedBoundary(flow: string, boundary: unknown): BoundaryRequest | undefined {
  if (boundary === undefined) return undefined;
  const where = `The option boundary of the flow ${JSON.stringify(flow)}`;
  if (typeof boundary !== "object" || boundary === null || Array.isArray(boundary))
    throw new TypeError(`${where} must be an object such as { log: "drop", exception: "id-only" }.`);
  const entries = Object.entries(boundary as Record<string, unknown>).filter(([, action]) => action !== undefined);
  for (const [dataClass, action] of entries) checkAction(where, dataClass, action);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function checkAction(where: string, dataClass: string, action: unknown): void {
  const classes = Object.keys(CLASS_ACTIONS).filter((name) => !FIXED.includes(name));
  if (!classes.includes(dataClass))
    throw new TypeError(`${where} names ${JSON.stringify(dataClass)}, which is none of ${classes.join(", ")}.`);
  const allowed = (CLASS_ACTIONS as Actions)[dataClass] ?? [];
  if (allowed.some((one) => one === action)) return;
  throw new TypeError(
    `${where} says ${dataClass}: ${JSON.stringify(action)}; ${dataClass} takes ${allowed.join(", ")}.`,
  );
}
