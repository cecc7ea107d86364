import type { Failure } from "@weir/protocol";

/** Of a failure that only says that something before it failed, what that was. */
function rootOf(failure: Failure): Failure {
  let root = failure;
  while (root.code === "UPSTREAM_FAILED" && root.cause !== undefined) root = root.cause;
  return root;
}

/** Names that say no more than that something failed. */
const NAMELESS = ["Error", "AggregateError"];

/** What failed first, in its own words. @example reasonText(failure); // "TypeError: cannot parse column 7" */
export function reasonText(failure: Failure): string {
  const { name, message } = rootOf(failure);
  return NAMELESS.includes(name) ? message : `${name}: ${message}`;
}
