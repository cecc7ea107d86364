import type { Failure } from "@weir/protocol";

/** Of a failure that only says that something before it failed, what that was. */
export function rootOf(failure: Failure): Failure {
  let root = failure;
  while (root.code === "UPSTREAM_FAILED" && root.cause !== undefined) root = root.cause;
  return root;
}
