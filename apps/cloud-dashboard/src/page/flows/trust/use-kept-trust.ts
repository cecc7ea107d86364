import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useViewer } from "../../session/viewer.ts";
import { type KeptTrust, readKeptTrust } from "./kept-trust.ts";

interface Held {
  readonly tenantId: string | undefined;
  /** Null: none was imported. Undefined: it is being read. */
  readonly trust: KeptTrust | null | undefined;
  readonly error: Error | null;
  /** To be called after a change of it. */
  readonly look: () => void;
}

/** The trust file that this browser keeps for the viewer's tenant. */
export function useKeptTrust(): Held {
  const tenantId = useViewer()?.tenant.id;
  const client = useQueryClient();
  const queryKey = ["kept-trust", tenantId];
  const { data, error } = useQuery({
    queryKey,
    queryFn: () => readKeptTrust(localStorage, tenantId ?? ""),
    enabled: tenantId !== undefined,
    retry: false,
  });
  return { tenantId, trust: data, error, look: () => void client.invalidateQueries({ queryKey }) };
}
