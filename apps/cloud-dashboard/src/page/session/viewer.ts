import type { Permission } from "@weir/protocol/permissions";
import { useCloud } from "../cloud/use-cloud.ts";
import { Viewer } from "../generated/operations.ts";

/** Who is asking; undefined until the cloud has said it. */
export function useViewer() {
  return useCloud(Viewer, {}).data?.viewer;
}

/** Whether the viewer may do something: a page shows no button for what is not allowed. */
export function useMay(permission: Permission): boolean {
  return useViewer()?.permissions.includes(permission) ?? false;
}
