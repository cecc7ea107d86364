import { ROLES } from "@weir/protocol/permissions";
import { useCloud } from "../cloud/use-cloud.ts";
import { Roles, type RolesQuery } from "../generated/operations.ts";
import { useMay, useViewer } from "../session/viewer.ts";

type Role = RolesQuery["roles"][number];

const COMMON: readonly Role[] = Object.entries(ROLES).map(([name, permissions]) => ({ id: null, name, permissions }));

/** All roles of the tenant. Who may not see its own ones sees those that every tenant has. */
export function useRoles(): readonly Role[] {
  const may = useMay("member:read");
  return useCloud(Roles, {}, { enabled: may }).data?.roles ?? COMMON;
}

/** What the viewer holds, and so may grant. */
export function useHeld(): ReadonlySet<string> {
  return new Set(useViewer()?.permissions);
}
