import type { ViewerQuery } from "../generated/operations.ts";

type Viewer = ViewerQuery["viewer"];

/** Whether two viewers see the same: of one tenant, with the same rights. What one saw may then be left for the other. */
export function isSameViewer(one: Viewer, other: Viewer): boolean {
  return one.tenant.id === other.tenant.id && one.keyId === other.keyId && rightsOf(one) === rightsOf(other);
}

const rightsOf = ({ permissions }: Viewer) => permissions.toSorted((a, b) => a.localeCompare(b)).join(" ");
